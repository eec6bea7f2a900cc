import { Command } from "cmdk";
import { useEffect, useMemo, useRef, useState } from "react";
import { PortMark } from "../components/PortMark";
import { Prose } from "../components/Prose";
import { asksForLoop, found } from "../graph/find";
import { useCatalog } from "../store/catalog";
import { canvasTexts as texts } from "../texts/canvas";
import { Icon } from "../theme/Icon";
import { addNode } from "./actions";
import { fitsIntoWire, fitsTo } from "./fitting";
import { focusBox, focusCanvas } from "./focus";
import css from "./SearchPalette.module.css";
import { show, useCanvas } from "./state";

const WIDTH = 380;
const HEIGHT = 380;
const MOST = 60;

/** Searching for a node to add, at the cursor; after a wire only those that fit, wired at once. */
export function SearchPalette() {
  const search = useCanvas((state) => state.search);
  return search ? <Opened key={`${search.at.x} ${search.at.y}`} /> : null;
}

function Opened() {
  const search = useCanvas((state) => state.search);
  const { nodes, families } = useCatalog();
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const from = search?.from;
  const into = search?.into;

  const fitting = useMemo(
    () =>
      [...nodes.values()].filter((node) => (!from || fitsTo(node, from)) && (!into || fitsIntoWire(node.type, into))),
    [nodes, from, into],
  );
  const shown = useMemo(
    () => found(typed, fitting, (name) => families.get(name)?.title ?? name).slice(0, MOST),
    [typed, fitting, families],
  );

  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) show({ search: null });
    };
    addEventListener("pointerdown", outside, true);
    return () => removeEventListener("pointerdown", outside, true);
  }, []);

  if (!search) return null;
  const left = Math.max(8, Math.min(search.at.x, innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(search.at.y - 20, innerHeight - HEIGHT - 8));
  const choose = (type: string): void => {
    show({ search: null });
    const id = addNode({ type, at: search.flow, from, into });
    if (id) focusBox(id);
  };
  return (
    <div ref={box} className={css.palette} style={{ left, top, width: WIDTH }}>
      <Command
        shouldFilter={false}
        loop
        label={texts.addNode}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape" || (event.key === "Backspace" && typed === "") || event.key === "Tab") {
            event.preventDefault();
            show({ search: null });
            focusCanvas();
          }
        }}
      >
        <div className={css.field}>
          <Icon name="search" />
          <Command.Input
            autoFocus
            value={typed}
            onValueChange={setTyped}
            placeholder={from ? texts.searchFitting : texts.searchNode}
          />
          {from?.type && (
            <span className={css.carried}>
              <PortMark type={from.type} />
              {from.type}
            </span>
          )}
        </div>
        <Command.List className={css.list}>
          {asksForLoop(typed) && (
            <Command.Item disabled className={css.empty}>
              {texts.loops}
            </Command.Item>
          )}
          {shown.length === 0 && (
            <Command.Item disabled className={css.empty}>
              {texts.noNode}
            </Command.Item>
          )}
          {shown.map((node) => (
            <Command.Item key={node.type} value={node.type} className={css.item} onSelect={choose}>
              <Icon name={node.icon} family={node.family} size={18} />
              <div className={css.words}>
                <div className={css.name}>
                  {node.title}
                  <span>{families.get(node.family)?.title ?? node.family}</span>
                </div>
                <div className={css.summary}>
                  <Prose text={node.summary} />
                </div>
              </div>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </div>
  );
}
