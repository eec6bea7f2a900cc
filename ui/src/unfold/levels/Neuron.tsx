import { useCallback, useMemo } from "react";
import { plain } from "../cell/Nodes";
import { useOpened, useStep, useSteps, useUnitLook, useVariable } from "../opened";
import { Chart, type Curve, evenScale, signedLogScale } from "../parts/Curves";
import { useSize } from "../parts/size";
import { routeLabel } from "../source/followed";
import type { UnitLook } from "../source/look";
import type { Variable } from "../source/shapes";
import { useLookingStore } from "../state";
import { seriesColour } from "./ShownRows";

interface Group {
  title: string;
  curves: Curve[];
  fixed?: [number, number];
  /** Errors: drawn by powers of ten. */
  errors?: boolean;
}

/** The fourth level: one unit's values, gates and errors over time. */
export function Neuron() {
  const { slices } = useOpened();
  const store = useLookingStore();
  const look = useUnitLook();
  const steps = useSteps();
  const t = useStep();
  const variable = useVariable();
  const [element, size] = useSize<HTMLDivElement>();
  const version = slices.version;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version changes when slices arrive
  const groups = useMemo(() => groupsOf(look, steps, variable), [look, steps, variable, version]);
  const wide = size.width > 760;
  const width = Math.max(200, (size.width - (wide ? 56 : 32)) / (wide ? 2 : 1));
  const rows = Math.ceil(groups.length / (wide ? 2 : 1));
  const height = Math.max(64, Math.min(170, (size.height - 30) / rows - 62));
  const odd = groups.length % 2 === 1;
  const pick = useCallback((step: number) => store.getState().stepTo(step), [store]);
  return (
    <div className="unf-neuron" ref={element}>
      {size.width > 0 &&
        groups.map((group, k) => (
          <GroupChart
            key={group.title}
            group={group}
            width={wide && odd && k === groups.length - 1 ? 2 * width + 16 : width}
            height={height}
            steps={steps}
            t={t}
            onPick={pick}
          />
        ))}
    </div>
  );
}

function GroupChart({
  group,
  ...rest
}: {
  group: Group;
  width: number;
  height: number;
  steps: number;
  t: number;
  onPick: (t: number) => void;
}) {
  const scale = useMemo(
    () => (group.errors ? signedLogScale(group.curves) : evenScale(group.curves, group.fixed)),
    [group],
  );
  return <Chart title={group.title} curves={group.curves} scale={scale} zero {...rest} />;
}

function groupsOf(look: UnitLook, steps: number, chosen: string): Group[] {
  const of = (test: (v: Variable) => boolean) => look.spec.variables.filter(test);
  const states = of((v) => v.role === "cell" || v.role === "output");
  const gates = of((v) => v.role === "gate");
  const bars = of((v) => v.role === "bar");
  const rest = of((v) => v.role === "block input" || v.role === "part");
  const routes = look.routes(chosen);
  const variable = look.spec.variables.find((v) => v.id === chosen);
  const groups: Group[] = [
    { title: "State", curves: curves(look, states, false, steps) },
    { title: "Error of the state", curves: curves(look, states, true, steps), errors: true },
    { title: "Gates", curves: curves(look, gates, false, steps), fixed: [0, 1] },
    { title: "Errors of the gates", curves: curves(look, gates, true, steps), errors: true },
    { title: "Block input", curves: curves(look, rest, false, steps) },
    { title: "Before activation", curves: curves(look, bars, false, steps) },
    {
      title: `Routes of δ${plain(variable)}`,
      errors: true,
      curves: routes
        .filter((route) => route.external !== "final state")
        .map((route, k) => ({
          name: routeLabel(look.head, route),
          values: series(steps, (t) => look.route(chosen, route.id, t)),
          colour: seriesColour(k),
        })),
    },
  ];
  return groups.filter((group) => group.curves.length > 0);
}

function curves(look: UnitLook, variables: Variable[], errors: boolean, steps: number): Curve[] {
  return variables.map((variable, k) => ({
    name: (errors ? "δ" : "") + plain(variable),
    values: series(steps, (t) => (errors ? look.error(variable.id, t) : look.value(variable.id, t))),
    colour: seriesColour(k),
  }));
}

function series(steps: number, read: (t: number) => number): Float64Array {
  const found = new Float64Array(steps);
  for (let t = 0; t < steps; t++) found[t] = read(t);
  return found;
}
