import { useMemo } from "react";
import type { Tree } from "../../api/generated";
import { count, figure } from "../../components/formats";
import { modelTexts } from "../../texts/model";
import { GAP, type Placed, placedTree, TALL, WIDE } from "./layout";
import css from "./model.module.css";

const LETTERS = 21;
const cut = (text: string, letters = LETTERS): string =>
  text.length > letters ? `${text.slice(0, letters - 1)}…` : text;

/** A decision tree: questions, answers, and what each leaf says. */
export function TreeDrawing({ tree, classes }: { tree: Tree; classes: readonly string[] }) {
  const { nodes, width, height } = useMemo(() => placedTree(tree.root), [tree]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <div className={css.tree} tabIndex={0} role="img" aria-label={modelTexts.tree}>
      <svg width={width + 2} height={height + 2} viewBox={`-1 -1 ${width + 2} ${height + 2}`} aria-hidden="true">
        {nodes.map((one) => (
          <Edge key={one.key} placed={one} />
        ))}
        {nodes.map((one) => (
          <Box key={one.key} placed={one} classes={classes} />
        ))}
      </svg>
    </div>
  );
}

function Edge({ placed: { from, x, y } }: { placed: Placed }) {
  if (!from) return null;
  const [startX, startY, endY] = [from.x + WIDE, from.y + TALL / 2, y + TALL / 2];
  const middle = startX + GAP / 2;
  return (
    <>
      <path className={css.edge} d={`M${startX} ${startY}C${middle} ${startY} ${middle} ${endY} ${x} ${endY}`} />
      <text className={css.edgeText} x={x - 5} y={endY - 4} textAnchor="end">
        {from.yes ? modelTexts.yes : modelTexts.no}
      </text>
    </>
  );
}

function Box({ placed: { node, x, y }, classes }: { placed: Placed; classes: readonly string[] }) {
  const question = node.question !== "";
  const value = typeof node.value === "number" ? figure(node.value) : String(node.value);
  const title = question ? node.question : value;
  let start = 0;
  return (
    <g className={question ? css.box : css.leaf} transform={`translate(${x} ${y})`}>
      <title>{`${title}, ${modelTexts.rows(count(node.rows))}`}</title>
      <rect width={WIDE} height={TALL} rx={7} />
      <text className={css.question} x={9} y={18}>
        {cut(title, 24)}
      </text>
      <text className={css.small} x={9} y={33}>
        {question ? `${modelTexts.rows(count(node.rows))} · ${cut(value, 12)}` : modelTexts.rows(count(node.rows))}
      </text>
      {node.shares?.map((share, index) => {
        const from = start;
        start += share;
        return (
          <rect
            key={classes[index] ?? index}
            x={8 + from * (WIDE - 16)}
            y={TALL - 6}
            width={Math.max(0, share * (WIDE - 16))}
            height={3}
            style={{ fill: `var(--series-${(index % 8) + 1})`, stroke: "none" }}
          />
        );
      })}
    </g>
  );
}
