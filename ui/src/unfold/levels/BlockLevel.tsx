import { Block, BlockSummary } from "../cell/Block";
import { useOpened } from "../opened";
import { useLooking, useLookingStore } from "../state";

/** The third level: one step of one layer as a circuit. */
export function BlockLevel() {
  const store = useLookingStore();
  const drawing = useLooking((s) => s.drawing);
  const backward = useLooking((s) => s.backward);
  const all = useLooking((s) => s.all);
  const { head } = useOpened();
  const peepholes = head.spec.parameters.some((p) => p.shape.length === 1 && p.reads);
  return (
    <div className="unf-block-level">
      <div className="unf-corner" role="group" aria-label="Drawing">
        <button
          type="button"
          aria-pressed={drawing === "circuit"}
          onClick={() => store.setState({ drawing: "circuit" })}
        >
          Circuit
        </button>
        <button
          type="button"
          aria-pressed={drawing === "odyssey"}
          onClick={() => store.setState({ drawing: "odyssey" })}
        >
          Space Odyssey
        </button>
      </div>
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
