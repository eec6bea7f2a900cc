import { FlowMap } from "./beside/FlowMap";
import { Gradients } from "./beside/Gradients";
import { Jacobians } from "./beside/Jacobians";
import { Equation } from "./Equation";
import { useSize } from "./parts/size";
import { type Beside as Tab, useLooking, useLookingStore } from "./state";

const TABS: [Tab, string][] = [
  ["equation", "Equation"],
  ["flow", "Error flow"],
  ["jacobians", "Jacobian"],
  ["gradients", "Gradient"],
];

/** What stands beside the levels. */
export function Beside() {
  const store = useLookingStore();
  const tab = useLooking((s) => s.beside);
  const [element, size] = useSize<HTMLDivElement>();
  const width = Math.max(160, size.width - 28);
  return (
    <aside className="unf-beside" aria-label="Beside the network">
      <div className="unf-tabs" role="tablist">
        {TABS.map(([id, name]) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`unf-tab-${id}`}
            aria-selected={tab === id}
            aria-controls="unf-tab-panel"
            tabIndex={tab === id ? 0 : -1}
            onClick={() => store.setState({ beside: id })}
            onKeyDown={(event) => moveTab(event, id, (next) => store.setState({ beside: next }))}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="unf-panel" ref={element} role="tabpanel" id="unf-tab-panel" aria-labelledby={`unf-tab-${tab}`}>
        {tab === "equation" && <Equation />}
        {size.width > 0 && tab === "flow" && <FlowMap width={width} />}
        {size.width > 0 && tab === "jacobians" && <Jacobians width={width} />}
        {size.width > 0 && tab === "gradients" && <Gradients width={width} />}
      </div>
    </aside>
  );
}

function moveTab(event: React.KeyboardEvent, now: Tab, choose: (tab: Tab) => void): void {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const at = TABS.findIndex(([id]) => id === now);
  const next = TABS[(at + by + TABS.length) % TABS.length]?.[0];
  if (!next) return;
  choose(next);
  document.getElementById(`unf-tab-${next}`)?.focus();
}
