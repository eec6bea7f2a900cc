import type { ReactNode } from "react";
import { unfoldTexts as texts } from "../texts/unfold";
import { counted } from "./cell/numbers";
import { FollowChoice } from "./Following";
import { useOpened, usePlace, useStep, useSteps, useUnit } from "./opened";
import { useSlice } from "./source/slices";
import { LEVELS, useLooking, useLookingStore } from "./state";

/** The levels, and what is looked at in them. */
export function Toolbar({ unfolds, children }: { unfolds: boolean; children?: ReactNode }) {
  const store = useLookingStore();
  const level = useLooking((s) => s.level);
  const backward = useLooking((s) => s.backward);
  const panel = useLooking((s) => s.panel);
  if (!unfolds)
    return (
      <div className="unf-toolbar">
        <FollowChoice of={texts.gradientsOf} />
        {children}
      </div>
    );
  return (
    <div className="unf-toolbar">
      <div className="unf-segments levels" role="group" aria-label="Level">
        {LEVELS.map((name, k) => (
          <button
            key={name}
            type="button"
            aria-pressed={level === k}
            onClick={() => store.getState().goTo(k)}
            title={`${name} (${k + 1})`}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="unf-segments pass" role="group" aria-label="Direction of what is shown">
        <button
          type="button"
          aria-pressed={!backward}
          onClick={() => store.setState({ backward: false })}
          title="Values, as they are computed (B)"
        >
          Forward
        </button>
        <button
          type="button"
          className="error"
          aria-pressed={backward}
          onClick={() => store.setState({ backward: true })}
          title="Errors, as they come back (B)"
        >
          Backward
        </button>
      </div>
      {(backward || level === 0) && <FollowChoice of={backward ? texts.of : texts.gradientsOf} />}
      {backward && <LossChoice />}
      <UnitChoice />
      <PlaceChoice />
      {children}
      <button
        type="button"
        className="unf-panel-switch"
        aria-pressed={panel}
        onClick={() => store.setState({ panel: !panel })}
        title="Equation, error flow, Jacobian, gradient"
      >
        Equation and error
      </button>
    </div>
  );
}

/** All of J, or one step's J(s), where there are several. */
function LossChoice() {
  const { head } = useOpened();
  const store = useLookingStore();
  const steps = useSteps();
  const t = useStep();
  const lossAt = useLooking((s) => s.lossAt);
  if (!head.step_losses) return null;
  const offered = head.offered?.losses;
  const first = offered
    ? offered.reduce((best, s) => (Math.abs(s - t) < Math.abs(best - t) ? s : best), offered[0] ?? 0)
    : t;
  return (
    <span className="unf-field-label">
      <select
        value={lossAt === null ? "all" : "one"}
        onChange={(event) => store.setState({ lossAt: event.target.value === "all" ? null : first })}
        aria-label="Which loss"
      >
        <option value="all">all of J</option>
        <option value="one" disabled={offered?.length === 0}>
          only J(s)
        </option>
      </select>
      {lossAt !== null &&
        (offered ? (
          <select
            value={counted(lossAt)}
            onChange={(event) => store.setState({ lossAt: Number(event.target.value) - 1 })}
            aria-label="Step s"
          >
            {offered.map((s) => (
              <option key={s} value={counted(s)}>{`s = ${counted(s)}`}</option>
            ))}
          </select>
        ) : (
          <NumberField label="Step s" value={lossAt} most={steps - 1} onChange={(s) => store.setState({ lossAt: s })} />
        ))}
    </span>
  );
}

function UnitChoice() {
  const { head } = useOpened();
  const store = useLookingStore();
  const place = usePlace();
  const all = useLooking((s) => s.all);
  const level = useLooking((s) => s.level);
  const hidden = head.layers[place.layer]?.hidden ?? 1;
  if (level < 2) return null;
  return (
    <span className="unf-field-label">
      {level === 2 && (
        <select
          value={all ? "all" : "one"}
          onChange={(event) => store.setState({ all: event.target.value === "all" })}
          aria-label="Units"
        >
          <option value="one">unit</option>
          <option value="all">all units</option>
        </select>
      )}
      {level === 3 && "unit"}
      {(!all || level === 3) && <UnitSelect hidden={hidden} />}
    </span>
  );
}

/** The units through which most of the error passes first, then the most active ones, then all in their order. */
function UnitSelect({ hidden }: { hidden: number }) {
  const { head, slices } = useOpened();
  const store = useLookingStore();
  const place = usePlace();
  const unit = useUnit();
  const { answer } = useSlice(slices, { slice: "overview", ...place, loss_at: null });
  const offered = head.offered?.units ?? [...Array(hidden).keys()];
  const there = new Set(offered);
  const first = (units: number[] | undefined) => units?.filter((u) => there.has(u)).slice(0, 12) ?? [];
  const groups: [string, number[]][] =
    offered.length > 12
      ? [
          ["most error passes", first(answer?.units)],
          ["most active", first(answer?.active)],
          ["all", offered],
        ]
      : [["", offered]];
  return (
    <select
      value={counted(unit)}
      onChange={(event) => store.setState({ unit: Number(event.target.value) - 1 })}
      aria-label="Unit"
    >
      {groups.map(([name, units]) => {
        const options = units.map((u) => (
          <option key={u} value={counted(u)}>
            {counted(u)}
          </option>
        ));
        return name ? (
          <optgroup key={name} label={name}>
            {options}
          </optgroup>
        ) : (
          options
        );
      })}
    </select>
  );
}

function PlaceChoice() {
  const { head } = useOpened();
  const store = useLookingStore();
  const place = usePlace();
  return (
    <>
      {head.layers.length > 1 && (
        <span className="unf-field-label">
          layer
          <select
            value={place.layer}
            onChange={(event) => store.setState({ layer: Number(event.target.value), unit: null })}
          >
            {head.layers.map((_, k) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: layers are told apart by their number
              <option key={k} value={k}>
                {k + 1}
              </option>
            ))}
          </select>
        </span>
      )}
      {head.directions.length > 1 && (
        <select
          value={place.direction}
          onChange={(event) => store.setState({ direction: event.target.value as "forward" | "reverse", unit: null })}
          aria-label="Direction of time"
        >
          <option value="forward">reads →</option>
          <option value="reverse">reads ←</option>
        </select>
      )}
      {head.lengths.length > 1 && (
        <span className="unf-field-label">
          sequence
          <NumberField
            label="Sequence"
            value={place.batch}
            most={head.lengths.length - 1}
            onChange={(b) => store.setState({ batch: b })}
          />
        </span>
      )}
    </>
  );
}

/** A number that counts from 1 on the page.  value, most: from 0. */
function NumberField({
  label,
  value,
  most,
  onChange,
}: {
  label: string;
  value: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const change = (wanted: number) =>
    Number.isFinite(wanted) && onChange(Math.max(0, Math.min(most, Math.round(wanted) - 1)));
  return (
    <input
      type="number"
      min={1}
      max={counted(most)}
      value={counted(value)}
      aria-label={label}
      style={{ width: `${Math.max(2, String(most).length) + 4}ch` }}
      onChange={(event) => change(event.target.valueAsNumber)}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}
