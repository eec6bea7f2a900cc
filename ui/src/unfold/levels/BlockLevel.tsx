import type { UIEvent } from "react";
import { Block, BlockSummary } from "../cell/Block";
import { useOpened } from "../opened";
import { useLooking } from "../state";

/** Drawings side by side are moved along together. */
function together({ currentTarget }: UIEvent<HTMLElement>): void {
  const all = currentTarget.closest(".unf-stages")?.querySelectorAll<HTMLElement>(".unf-block-level") ?? [];
  for (const one of all) one.scrollLeft = currentTarget.scrollLeft;
}

/** The third level: one step of one layer as a circuit. */
export function BlockLevel() {
  const backward = useLooking((s) => s.backward);
  const all = useLooking((s) => s.all);
  const { head } = useOpened();
  const peepholes = head.spec.parameters.some((p) => p.shape.length === 1 && p.reads);
  return (
    <div className="unf-block-level" onScroll={together}>
      <Block />
      <p className="unf-key">
        {backward ? (
          <>
            <i className="key-error" /> a route of the error, as wide as its share <i className="key-against" /> against
            the sum
          </>
        ) : (
          <>
            <i className="key-highway" /> state
            {peepholes && (
              <>
                <i className="key-peep" /> peephole
              </>
            )}
            <i className="key-wire" /> other wires
            {all ? " · each strip: all units" : ""}
          </>
        )}
      </p>
      <BlockSummary />
    </div>
  );
}
