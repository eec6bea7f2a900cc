import type { NodeType } from "../../api/generated";
import { count } from "../../components/formats";
import { PortMark } from "../../components/PortMark";
import { Prose } from "../../components/Prose";
import type { Document } from "../../graph/document";
import { pathOf, wireOf } from "../../graph/document";
import { useLevel } from "../../store/document";
import { useSelection } from "../../store/selection";
import { usePortFacts } from "../../store/status";
import { settingsTexts } from "../../texts/settings";
import { titleAt } from "../titles";
import css from "./settings.module.css";

interface Props {
  type: NodeType;
  within: string;
  id: string;
}

/** What goes in and what comes out, with what is known of it. */
export function Ports({ type, within, id }: Props) {
  const document = useLevel();
  return (
    <>
      {type.inputs.length > 0 && <h4 className={css.subhead}>{settingsTexts.inputs}</h4>}
      <div className={css.ports}>
        {type.inputs.map((port) => (
          <div key={port.name} className={css.port}>
            <PortMark type={port.type} />
            <span className={css.portName}>{port.name}</span>
            <Facts text={wired(document, within, id, port.name, port.optional)} />
            <span className={css.portDoc}>
              <Prose text={port.doc} />
            </span>
          </div>
        ))}
      </div>
      {type.outputs.length > 0 && <h4 className={css.subhead}>{settingsTexts.outputs}</h4>}
      <div className={css.ports}>
        {type.outputs.map((port) => (
          <Output key={port.name} path={pathOf(within, id)} name={port.name} type={port.type} doc={port.doc} />
        ))}
      </div>
    </>
  );
}

const Facts = ({ text }: { text: string }) => (
  <span className={css.portFacts} title={text}>
    {text}
  </span>
);

function wired(document: Document, within: string, id: string, port: string, optional: boolean): string {
  const wires = document.wires.map(wireOf).filter((one) => one.target === id && one.input === port);
  const [only] = wires;
  if (!only) return optional ? settingsTexts.optional : settingsTexts.notWired;
  if (wires.length > 1) return settingsTexts.wires(wires.length);
  return only.source ? titleAt(pathOf(within, only.source)) : only.output;
}

function Output({ path, name, type, doc }: { path: string; name: string; type: string; doc: string }) {
  const facts = usePortFacts(path, name);
  const look = useSelection((state) => state.look);
  const rows = facts?.rows;
  const columns = facts?.schema?.length;
  return (
    <button
      type="button"
      className={css.port}
      title={settingsTexts.look(name)}
      onClick={() => look({ node: path, port: name })}
    >
      <PortMark type={type} />
      <span className={css.portName}>{name}</span>
      <span className={css.portFacts}>
        {rows !== null && rows !== undefined && columns ? `${count(rows)} × ${count(columns)}` : type}
      </span>
      {doc && <span className={css.portDoc}>{doc}</span>}
    </button>
  );
}
