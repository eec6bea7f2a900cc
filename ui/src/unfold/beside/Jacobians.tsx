import { useMemo } from "react";
import { plain } from "../cell/Nodes";
import { firstVariable, useOpened, usePlace, useStep, useSteps } from "../opened";
import { Chart, type Curve, logScale } from "../parts/Curves";
import { numbers } from "../source/arrays";
import { useSlice } from "../source/slices";
import { useLookingStore } from "../state";

/** How strongly a state still moves itself one step later: by every route, and along the highway alone. */
export function Jacobians({ width }: { width: number }) {
  const { head, slices } = useOpened();
  const store = useLookingStore();
  const place = usePlace();
  const steps = useSteps();
  const t = useStep();
  const variable = firstVariable(head.spec);
  const { answer, problem } = useSlice(slices, { slice: "jacobians", ...place, loss_at: null, variable });
  const name = plain(head.spec.variables.find((v) => v.id === variable));
  const curves = useMemo<Curve[]>(() => {
    if (!answer) return [];
    const whole: Curve = {
      name: "every route",
      values: numbers(answer.whole),
      steps: answer.steps,
      colour: "var(--series-1)",
    };
    if (!answer.highway) return [whole];
    return [
      whole,
      { name: "highway alone", values: numbers(answer.highway), steps: answer.steps, colour: "var(--series-2)" },
    ];
  }, [answer]);
  const scale = useMemo(() => logScale(curves), [curves]);
  if (problem) return <p className="unf-note">{problem}</p>;
  if (!answer) return <p className="unf-wait">Computing Jacobians …</p>;
  return (
    <section aria-label="Jacobians">
      <Chart
        title={`‖∂${name}(t)/∂${name}(t−1)‖`}
        curves={curves}
        scale={scale}
        width={width}
        height={150}
        steps={steps}
        t={t}
        onPick={(step) => store.getState().stepTo(step)}
        mark={1}
      />
      <p className="unf-note">
        The largest factor by which one step back can stretch an error. Below the line at 1 at every step it must die;
        above it may grow.
        {answer.highway
          ? " The highway alone is the forget gate (or the update gate) of the most open unit."
          : " A simple network has no highway."}
      </p>
    </section>
  );
}
