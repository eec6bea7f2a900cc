import "./unfold.css";
import { type ReactNode, type RefObject, use, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { Beside } from "./Beside";
import { LevelHead } from "./LevelHead";
import { OpenedContext } from "./opened";
import { Stage, useCamera } from "./Stage";
import { headOf } from "./source/heads";
import { Slices } from "./source/slices";
import type { TraceSource } from "./source/source";
import { createLooking, type Looking, LookingContext, type LookingStore } from "./state";
import { Toolbar } from "./Toolbar";
import { Transport, useKeys } from "./Transport";

interface Props {
  /** One network, or two to be compared. */
  sources: TraceSource[];
  /** More for the toolbar: the studio's ways to choose examples and to close. */
  children?: ReactNode;
  first?: Partial<Looking>;
  /** What is looked at outlives a page that is built anew. */
  memory?: RefObject<LookingStore | null>;
  /** Open another recurrent layer of the network. */
  onOpenLayer?: (layer: string) => void;
  onFollow?: (what: string) => void;
}

/** A network opened: layers, time, block, neuron, and what stands beside them. Wrap it in <Suspense>. */
export function Unfold({ sources, children, first, memory, onOpenLayer, onFollow }: Props) {
  const opened = sources.map((source) => use(headOf(source)));
  const slices = useMemo(() => sources.map((source) => new Slices(source)), [sources]);
  const steps = Math.max(1, ...opened.map((head) => head.steps));
  const unfolds = opened.some((head) => head.layers.length > 0);
  const [store] = useState(
    () =>
      memory?.current ??
      createLooking(steps, { panel: sources.length < 2, ...(unfolds ? {} : { level: 0, zoom: 0 }), ...first }),
  );
  useEffect(() => {
    if (memory) memory.current = store;
  }, [memory, store]);
  useEffect(() => store.getState().resize(steps), [store, steps]);
  const compared = sources.length > 1;
  useEffect(() => store.setState({ panel: !compared }), [store, compared]);
  const [active, setActive] = useState(0);
  useCamera(store);
  useKeys(store, unfolds);
  const panel = useStore(store, (s) => s.panel);
  const beside = unfolds && panel;
  const parts = slices.flatMap((part, k) => {
    const head = opened[k];
    return head ? [{ slices: part, head, openLayer: k === 0 ? onOpenLayer : undefined, onFollow }] : [];
  });
  const shown = parts[Math.min(active, parts.length - 1)];
  if (!shown) return null;
  return (
    <LookingContext value={store}>
      <div className="unf">
        <OpenedContext value={shown}>
          <Toolbar unfolds={unfolds}>
            <span className="unf-example" title={shown.head.example}>
              {shown.head.example}
            </span>
            {children}
          </Toolbar>
        </OpenedContext>
        <div className={`unf-middle${beside ? "" : " alone"}`}>
          <div className={`unf-stages${parts.length > 1 ? " compared" : ""}`}>
            {parts.map((part, k) => (
              <OpenedContext key={part.slices.source.id} value={part}>
                <section
                  className={`unf-one${k === active && parts.length > 1 ? " active" : ""}`}
                  onPointerDownCapture={() => setActive(k)}
                  aria-label={part.head.title}
                >
                  {parts.length > 1 && (
                    <button type="button" className="unf-name" aria-pressed={k === active} onClick={() => setActive(k)}>
                      {part.head.title}
                      <span>{part.head.loss === null ? "" : `J = ${part.head.loss.toPrecision(4)}`}</span>
                    </button>
                  )}
                  <LevelHead />
                  <Stage />
                </section>
              </OpenedContext>
            ))}
          </div>
          {beside && (
            <OpenedContext value={shown}>
              <Beside />
            </OpenedContext>
          )}
        </div>
        {unfolds && (
          <OpenedContext value={shown}>
            <Transport />
          </OpenedContext>
        )}
      </div>
    </LookingContext>
  );
}
