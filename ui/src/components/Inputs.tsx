import type { InputHTMLAttributes, Ref, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { Icon } from "../theme/Icon";
import css from "./Inputs.module.css";
import { names } from "./names";

type TextProps = InputHTMLAttributes<HTMLInputElement> & { code?: boolean; ref?: Ref<HTMLInputElement> };

/** A line of text. */
export function TextInput({ code, className, ...rest }: TextProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={names(css.input, code && css.code, className)}
      {...rest}
    />
  );
}

type AreaProps = TextareaHTMLAttributes<HTMLTextAreaElement> & { code?: boolean; ref?: Ref<HTMLTextAreaElement> };

/** Several lines of text. */
export function TextArea({ code, className, ...rest }: AreaProps) {
  return <textarea className={names(css.input, css.area, code && css.code, className)} {...rest} />;
}

/** One of a few choices. */
export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={css.selecting}>
      <select className={names(css.input, css.select, className)} {...rest}>
        {children}
      </select>
      <Icon name="chevron-down" size={15} />
    </span>
  );
}

interface SwitchProps {
  id?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string;
  disabled?: boolean;
}

/** Yes or no. */
export function Switch({ checked, onChange, ...rest }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      className={css.switch}
      onClick={() => onChange(!checked)}
      {...rest}
    />
  );
}

/** A line to search with. */
export function SearchInput({ className, ...rest }: TextProps) {
  return (
    <div className={css.search}>
      <Icon name="search" />
      <TextInput type="search" className={className} {...rest} />
    </div>
  );
}

interface SegmentsProps<T extends string> {
  /** What is chosen, for screen readers. */
  label: string;
  name: string;
  options: readonly (readonly [T, string])[];
  value: T;
  onChange: (value: T) => void;
}

/** One of two to four short choices side by side. */
export function Segments<T extends string>({ label, name, options, value, onChange }: SegmentsProps<T>) {
  return (
    <fieldset className={css.segments} style={{ border: 0, margin: 0 }}>
      <legend className="said">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
