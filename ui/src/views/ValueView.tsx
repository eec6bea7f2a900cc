import type { PortFacts } from "../api/generated";
import css from "../panels/port/port.module.css";
import { portTexts } from "../texts/port";

interface Props {
  facts: PortFacts | undefined;
  refused: (problem: { id: string; what: string; remedy: string }) => React.ReactNode;
}

const said = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** One value, or the facts of something that has no view of its own. */
export default function ValueView({ facts, refused }: Props) {
  const entries = Object.entries(facts?.facts ?? {}).filter(([, value]) => value !== null);
  if (!facts?.stored || entries.length === 0)
    return refused({ id: "not-computed", what: portTexts.notComputed, remedy: portTexts.notComputedHint });
  return (
    <dl className={css.value}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name === "value" ? portTexts.value : name}</dt>
          <dd>{said(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
