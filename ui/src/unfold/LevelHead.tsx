import { unfoldTexts as texts } from "../texts/unfold";
import { counted } from "./cell/numbers";
import { useOpened, usePlace, useStep, useSteps, useUnit } from "./opened";
import { colour, css, type Kind, useTheme } from "./parts/colours";
import { followedName } from "./source/followed";
import { useLooking, useLookingStore } from "./state";

/** What the level shows and what can be done there, in a line. */
export function LevelHead() {
  const { head } = useOpened();
  const level = useLooking((s) => (s.level < 0 ? Math.round(s.zoom) : s.level));
  const backward = useLooking((s) => s.backward);
  const unfolds = head.layers.length > 0;
  const View = unfolds ? (HEADS[level] ?? LayersHead) : AloneHead;
  return (
    <header className="unf-level-head">
      <View backward={backward} />
      {level > 0 && level !== 3 && <ColourKey kind={backward ? "error" : "value"} />}
      {level === 0 && <ColourKey kind="value" of={texts.values} />}
      {level === 0 && <ColourKey kind="error" of={texts.gradients} />}
      {level === 2 && unfolds && <DrawingChoice />}
    </header>
  );
}

interface HeadProps {
  backward: boolean;
}

function Said({ title, hint }: { title: string; hint: string }) {
  return (
    <>
      <h2>{title}</h2>
      <p title={hint}>{hint}</p>
    </>
  );
}

function AloneHead() {
  return <Said title={texts.layersTitle} hint={texts.aloneHint} />;
}

function LayersHead() {
  return <Said title={texts.layersTitle} hint={texts.layersHint} />;
}

function TimeHead({ backward }: HeadProps) {
  const steps = useSteps();
  const { head } = useOpened();
  return (
    <Said
      title={texts.timeTitle(head.spec.kind.toUpperCase(), steps)}
      hint={backward ? texts.timeBack(followedName(head)) : texts.timeHint}
    />
  );
}

function BlockHead({ backward }: HeadProps) {
  const t = useStep();
  const steps = useSteps();
  return <Said title={texts.blockTitle(counted(t), steps)} hint={backward ? texts.blockBack : texts.blockHint} />;
}

function NeuronHead() {
  const { head } = useOpened();
  const place = usePlace();
  const unit = useUnit();
  const hidden = head.layers[place.layer]?.hidden ?? 1;
  return <Said title={texts.neuronTitle(counted(unit), hidden)} hint={texts.neuronHint} />;
}

const HEADS = [LayersHead, TimeHead, BlockHead, NeuronHead];

/** Which colour means what. */
function ColourKey({ kind, of = "" }: { kind: Kind; of?: string }) {
  const theme = useTheme();
  const [low, zero, high] = [-1, 0, 1].map((share) => css(colour(share, kind, theme)));
  return (
    <span className="unf-colours">
      {of} {texts.below}
      <i style={{ background: `linear-gradient(to right, ${low}, ${zero}, ${high})` }} />
      {texts.above}
    </span>
  );
}

function DrawingChoice() {
  const store = useLookingStore();
  const drawing = useLooking((s) => s.drawing);
  return (
    <div className="unf-corner" role="group" aria-label="Drawing">
      <button type="button" aria-pressed={drawing === "circuit"} onClick={() => store.setState({ drawing: "circuit" })}>
        {texts.circuit}
      </button>
      <button type="button" aria-pressed={drawing === "odyssey"} onClick={() => store.setState({ drawing: "odyssey" })}>
        {texts.odyssey}
      </button>
    </div>
  );
}
