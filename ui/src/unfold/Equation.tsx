import { Suspense, useMemo } from "react";
import { unfoldTexts as texts } from "../texts/unfold";
import { errorEquation, type Piece, valueEquation, type Written } from "./cell/equation";
import { plain } from "./cell/Nodes";
import { counted, percent, wireNumber } from "./cell/numbers";
import {
  entryName,
  useEntry,
  useOpened,
  usePlace,
  useStep,
  useStripLook,
  useUnit,
  useUnitLook,
  useVariable,
} from "./opened";
import { Tex } from "./parts/Tex";
import { followedName } from "./source/followed";
import { useLooking, useLookingStore } from "./state";

/** The equation of the variable looked at, term by term: in symbols, with the numbers put in, and what each amounts to. */
export function Equation() {
  const { head } = useOpened();
  const look = useUnitLook();
  const backward = useLooking((s) => s.backward);
  const all = useLooking((s) => s.all);
  const id = useVariable();
  const t = useStep();
  const variable = head.spec.variables.find((v) => v.id === id);
  if (!variable) return null;
  const written = backward ? errorEquation(look, id, t) : valueEquation(look, id, t);
  return (
    <section className="unf-equation" aria-label="Equation">
      <VariableChoice />
      <h3 className="unf-equation-title">
        <Suspense fallback={`${backward ? "δ" : ""}${plain(variable)}(t)`}>
          <Tex>{written.left}</Tex>
        </Suspense>
        <span>{backward ? `error of the ${variable.label}` : variable.label}</span>
      </h3>
      <p className="unf-meaning">
        {backward ? texts.errorMeaning(followedName(head), plain(variable)) : `${variable.meaning}.`}
      </p>
      {written.pieces.length > 0 ? (
        <Suspense fallback={<p className="unf-wait">…</p>}>
          <Terms written={written} backward={backward} id={id} all={all} />
        </Suspense>
      ) : (
        <p className="unf-note">It comes in from outside: {wireNumber(written.value, 4)}.</p>
      )}
    </section>
  );
}

function Terms({ written, backward, id, all }: { written: Written; backward: boolean; id: string; all: boolean }) {
  const strips = useStripLook();
  const { direction } = usePlace();
  const unit = useUnit();
  const t = useStep();
  const values = written.pieces.map((piece) => (all && backward ? strips.along(id, piece.id, t) : piece.value));
  const sum = values.reduce((total, value) => total + value, 0);
  const shown = all && backward ? strips.norm(id, true, t) : written.value;
  const sizes = values.reduce((total, value) => total + Math.abs(value), 0);
  return (
    <>
      <div className="unf-left">
        <Tex>{`${all && backward ? `\\lVert ${written.left} \\rVert` : written.left} =`}</Tex>
      </div>
      <div className="unf-terms-scroll">
        <ol className="unf-terms">
          {written.pieces.map((piece, k) => (
            <Term
              key={piece.id}
              piece={piece}
              first={k === 0}
              value={values[k] ?? 0}
              part={(values[k] ?? 0) / sum}
              sizes={sizes}
              backward={backward}
              numbersShown={!(all && backward)}
            />
          ))}
        </ol>
        <p className="unf-note">
          {all && backward ? texts.equationAll : texts.equationNote(counted(t), counted(unit))}
          {direction === "reverse" && ` ${texts.ownTime}`}
        </p>
      </div>
      <p className="unf-sum" data-sum={sum} data-whole={shown}>
        <span>{backward ? "the routes add up to" : "the terms add up to"}</span>
        <output data-value={sum}>{wireNumber(sum, 4)}</output>
        <span>
          {"= "}
          <Tex>{all && backward ? `\\lVert ${written.left} \\rVert` : written.left}</Tex>
        </span>
      </p>
    </>
  );
}

function Term({
  piece,
  first,
  value,
  part,
  sizes,
  backward,
  numbersShown,
}: {
  piece: Piece;
  first: boolean;
  value: number;
  part: number;
  sizes: number;
  backward: boolean;
  numbersShown: boolean;
}) {
  const store = useLookingStore();
  const keys = useMemo(() => [...piece.wires, `route:${piece.id}`], [piece.wires, piece.id]);
  const lit = useLooking((s) => s.lit.some((key) => keys.includes(key)));
  const light = () => store.setState({ lit: keys });
  const out = () => store.setState({ lit: [] });
  const share = sizes > 0 ? Math.abs(value) / sizes : 0;
  return (
    <li>
      <button
        type="button"
        className={lit ? "lit" : ""}
        data-term={piece.id}
        data-value={value}
        onPointerEnter={light}
        onPointerLeave={out}
        onFocus={light}
        onBlur={out}
        aria-label={`${piece.label}: ${value.toPrecision(4)}`}
      >
        {backward && <span className="name">{piece.label}</span>}
        <span className="amount">
          <b>{wireNumber(value)}</b>
          <em>{percent(part)}</em>
        </span>
        <span className="plus">{first ? "" : "+"}</span>
        <span className="symbols">
          <Tex>{piece.symbols}</Tex>
        </span>
        {numbersShown && (
          <span className="numbers">
            <Tex>{piece.numbers}</Tex>
          </span>
        )}
        <i className={backward ? "error" : "value"}>
          <s style={{ width: `${(100 * share).toFixed(1)}%` }} />
        </i>
      </button>
    </li>
  );
}

/** Every variable of the cell, to choose from. */
function VariableChoice() {
  const { head } = useOpened();
  const store = useLookingStore();
  const chosen = useVariable();
  const backward = useLooking((s) => s.backward);
  const { layer } = usePlace();
  const entries = head.layers[layer]?.inputs ?? 1;
  const entry = useEntry();
  const input = head.spec.variables.find((v) => v.id === chosen)?.role === "input";
  return (
    <div className="unf-variables" role="group" aria-label="Variable">
      {head.spec.variables.map((variable) => (
        <button
          key={variable.id}
          type="button"
          aria-pressed={variable.id === chosen}
          title={`${variable.label}: ${variable.meaning}`}
          aria-label={variable.label}
          onClick={() => store.setState({ variable: variable.id })}
        >
          {(backward ? "δ" : "") + plain(variable)}
        </button>
      ))}
      {input && entries > 1 && (
        <label>
          which number
          <select value={entry} onChange={(event) => store.setState({ entry: Number(event.target.value) })}>
            {(head.offered?.entries ?? [...Array(Math.min(entries, 512)).keys()]).map((k) => (
              <option key={k} value={k}>
                {entryName(head, layer, k)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
