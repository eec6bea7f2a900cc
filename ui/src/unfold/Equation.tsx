import { Suspense, useMemo } from "react";
import { errorEquation, type Piece, valueEquation, type Written } from "./cell/equation";
import { plain } from "./cell/Nodes";
import { percent, wireNumber } from "./cell/numbers";
import { useOpened, useStep, useStripLook, useUnit, useUnitLook, useVariable } from "./opened";
import { Tex } from "./parts/Tex";
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
      <p className="unf-equation-title">
        {backward ? "What reaches " : ""}
        <strong>{backward ? `δ${plain(variable)}(t)` : `${plain(variable)}(t)`}</strong>
        <span>{backward ? `the error of the ${variable.label}` : variable.label}</span>
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
      <p className="unf-sum" data-sum={sum} data-whole={shown}>
        <span>{backward ? "the routes add up to" : "the terms add up to"}</span>
        <output data-value={sum}>{wireNumber(sum, 4)}</output>
        <span>
          {"= "}
          <Tex>{all && backward ? `\\lVert ${written.left} \\rVert` : written.left}</Tex>
        </span>
      </p>
      <p className="unf-note">
        {all && backward
          ? "All units: each route's part along δ. These parts add up to the norm of δ."
          : `Unit ${unit}. A matrix is shown by its product's one number.`}
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
        <span className="symbols">
          <span className="plus">{first ? "" : "+"}</span>
          <Tex>{piece.symbols}</Tex>
        </span>
        {numbersShown && (
          <span className="numbers">
            <span className="plus" />
            <Tex>{piece.numbers}</Tex>
          </span>
        )}
        <span className="amount">
          <span className="name">{backward ? piece.label : ""}</span>
          <b>{wireNumber(value)}</b>
          <i className={backward ? "error" : "value"}>
            <s style={{ width: `${(100 * share).toFixed(1)}%` }} />
          </i>
          <em>{percent(part)}</em>
        </span>
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
  const layer = useLooking((s) => s.layer);
  const entries = head.layers[Math.min(layer, head.layers.length - 1)]?.inputs ?? 1;
  const entry = useLooking((s) => s.entry);
  const input = head.spec.variables.find((v) => v.id === chosen)?.role === "input";
  return (
    <div className="unf-variables" role="group" aria-label="Variable">
      {head.spec.variables.map((variable) => (
        <button
          key={variable.id}
          type="button"
          aria-pressed={variable.id === chosen}
          title={variable.label}
          aria-label={variable.label}
          onClick={() => store.setState({ variable: variable.id })}
        >
          {(backward ? "δ" : "") + plain(variable)}
        </button>
      ))}
      {input && entries > 1 && (
        <label>
          number
          <select value={entry} onChange={(event) => store.setState({ entry: Number(event.target.value) })}>
            {(head.offered?.entries ?? [...Array(Math.min(entries, 512)).keys()]).map((k) => (
              <option key={k} value={k}>
                {entryName(head.below, k, layer)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function entryName(below: ReturnType<typeof useOpened>["head"]["below"], k: number, layer: number): string {
  const names = layer === 0 ? below.flatMap((row) => (row.kind === "series" ? row.names : [])) : [];
  return names[k] ?? String(k);
}
