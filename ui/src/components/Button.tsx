import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon } from "../theme/Icon";
import css from "./Button.module.css";
import { names } from "./names";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "plain" | "primary" | "danger" | "quiet";
  size?: "normal" | "small";
  icon?: string;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words, and an icon before them where it helps. */
export function Button({ kind = "plain", size = "normal", icon, children, className, ...rest }: Props) {
  return (
    <button
      type="button"
      className={names(css.button, kind !== "plain" && css[kind], size === "small" && css.small, className)}
      {...rest}
    >
      {icon && <Icon name={icon} size={size === "small" ? 14 : 16} />}
      {children}
    </button>
  );
}

interface IconProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  icon: string;
  /** What it does: shown as a tooltip and said by screen readers. */
  label: string;
  size?: "normal" | "small" | "tiny";
  pressed?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that is only an icon. */
export function IconButton({ icon, label, size = "small", pressed, className, ...rest }: IconProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      className={names(
        css.button,
        css.quiet,
        css.icon,
        size !== "normal" && css.small,
        size === "tiny" && css.tiny,
        pressed && css.pressed,
        className,
      )}
      {...rest}
    >
      <Icon name={icon} size={size === "tiny" ? 14 : 16} />
    </button>
  );
}

/** A button that reads as a link. */
export function LinkButton({ className, ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="button" className={names(css.link, className)} {...rest} />;
}
