import { useState } from "react";
import { LinkButton } from "../../components/Button";
import { figure } from "../../components/formats";
import { modelTexts } from "../../texts/model";
import css from "./model.module.css";

const SHOWN = 20;

/** Values as bars, the largest first; values below zero go to the left. */
export function Bars({ entries }: { entries: [string, number][] }) {
  const [all, setAll] = useState(false);
  const sorted = [...entries].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const low = Math.min(0, ...entries.map(([, value]) => value));
  const high = Math.max(0, ...entries.map(([, value]) => value));
  const span = high - low || 1;
  const zero = (-low / span) * 100;
  return (
    <>
      <ul className={css.bars} style={{ "--zero": `${zero}%` } as React.CSSProperties}>
        {shown.map(([name, value]) => {
          const wide = (Math.abs(value) / span) * 100;
          return (
            <li key={name} className={css.barRow}>
              <span title={name}>{name}</span>
              <span className={css.track} aria-hidden="true">
                <i
                  data-sign={value < 0 ? "minus" : undefined}
                  style={{ left: `${value < 0 ? zero - wide : zero}%`, width: `${wide}%` }}
                />
              </span>
              <span>{figure(value)}</span>
            </li>
          );
        })}
      </ul>
      {shown.length < sorted.length && (
        <LinkButton className={css.more} onClick={() => setAll(true)}>
          {modelTexts.showAll(sorted.length)}
        </LinkButton>
      )}
    </>
  );
}
