import { useReactFlow } from "@xyflow/react";
import { useMemo, useState } from "react";
import type { NodeType } from "../api/generated";
import { Prose } from "../components/Prose";
import { asksForLoop, found } from "../graph/find";
import { useCatalog } from "../store/catalog";
import { useSelection } from "../store/selection";
import { canvasTexts as texts } from "../texts/canvas";
import { Icon } from "../theme/Icon";
import { addNode, here } from "./actions";
import { nextOf } from "./fitting";
import { focusBox } from "./focus";
import css from "./Palette.module.css";
import { boxOf } from "./places";
import { BOX_WIDTH } from "./sizes";
import { NODE_DRAG } from "./useDrop";

/** Every node by family; what is typed is searched for. */
export function Palette() {
  const { nodes, families } = useCatalog();
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState("");
  const adding = useAdding();
  const add = (type: string): void => {
    setMarked("");
    adding(type);
  };
  const entry = (node: NodeType) => ({ node, add, marked: marked === node.type, mark: setMarked });
  const title = (name: string): string => families.get(name)?.title ?? name;
  const results = useMemo(
    () => (typed.trim() ? found(typed, nodes.values(), (name) => families.get(name)?.title ?? name) : null),
    [typed, nodes, families],
  );
  const byFamily = useMemo(() => {
    const groups = new Map<string, NodeType[]>([...families.keys()].map((name) => [name, []]));
    for (const node of nodes.values()) groups.set(node.family, [...(groups.get(node.family) ?? []), node]);
    return [...groups].filter(([, some]) => some.length > 0);
  }, [nodes, families]);
  return (
    <nav className={css.palette} aria-label={texts.palette}>
      <div className={css.search}>
        <Icon name="search" size={15} />
        <input
          type="search"
          aria-label={texts.searchNode}
          placeholder={texts.searchNode}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            const [first] = results ?? [];
            if (event.key === "Enter" && first) add(first.type);
          }}
        />
      </div>
      <p className={css.hint} data-said={marked !== ""}>
        {texts.paletteHint}
      </p>
      <div className={css.list}>
        {asksForLoop(typed) && <p className={css.none}>{texts.loops}</p>}
        {results ? (
          results.length > 0 ? (
            results.map((node, i) => (
              <Entry key={node.type} {...entry(node)} wide family={title(node.family)} first={i === 0} />
            ))
          ) : (
            <p className={css.none}>{texts.noNode}</p>
          )
        ) : (
          byFamily.map(([family, some]) => (
            <details key={family} open>
              <summary>
                <Icon name="chevron-right" size={13} />
                {title(family)}
                <span>{some.length}</span>
              </summary>
              {some.map((node) => (
                <Entry key={node.type} {...entry(node)} />
              ))}
            </details>
          ))
        )}
      </div>
    </nav>
  );
}

/** Adds a node of a type where the next one comes, wired to the chosen node where it fits. */
function useAdding(): (type: string) => void {
  const { screenToFlowPosition } = useReactFlow();
  return (type) => {
    const { ids } = useSelection.getState();
    const from = ids.length === 1 ? nextOf(ids[0] ?? null) : undefined;
    const id = addNode({ type, at: placeForNext(screenToFlowPosition), from });
    if (id) focusBox(id);
  };
}

interface EntryProps {
  node: NodeType;
  add: (type: string) => void;
  marked: boolean;
  mark: (type: string) => void;
  /** found by searching: with its family and what it does */
  wide?: boolean;
  family?: string;
  /** what the Enter key in the search takes */
  first?: boolean;
}

function Entry({ node, add, marked, mark, wide = false, family = "", first = false }: EntryProps) {
  return (
    <button
      type="button"
      className={css.entry}
      draggable
      title={`${node.summary.replaceAll("`", "")}\n${texts.paletteHint}`}
      data-first={first}
      data-marked={marked}
      onClick={() => mark(node.type)}
      onDoubleClick={() => add(node.type)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // no click
        add(node.type);
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData(NODE_DRAG, node.type);
        event.dataTransfer.effectAllowed = "copy";
      }}
    >
      <Icon name={node.icon} family={node.family} size={16} />
      <span className={css.words}>
        <span className={css.name}>
          {node.title}
          {wide && <span className={css.family}>{family}</span>}
        </span>
        {wide && (
          <span className={css.summary}>
            <Prose text={node.summary} />
          </span>
        )}
      </span>
      {first && <kbd title={texts.enterAdds}>↵</kbd>}
    </button>
  );
}

/** Right of the chosen node, else in the middle of what is seen. */
function placeForNext(screenToFlow: (at: { x: number; y: number }) => { x: number; y: number }): {
  x: number;
  y: number;
} {
  const { level, types } = here();
  const { ids } = useSelection.getState();
  const [only] = ids;
  if (only && ids.length === 1 && level.nodes[only]) {
    const box = boxOf(level, types, only);
    return { x: box.x + BOX_WIDTH + 72, y: box.y };
  }
  const view = document.querySelector("[data-canvas]")?.getBoundingClientRect();
  const middle = screenToFlow({
    x: (view?.left ?? 0) + (view?.width ?? 800) / 2,
    y: (view?.top ?? 0) + (view?.height ?? 600) / 3,
  });
  return { x: middle.x - BOX_WIDTH / 2, y: middle.y };
}
