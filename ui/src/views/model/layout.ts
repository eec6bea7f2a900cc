// Where the nodes of a decision tree stand: leaves below each other, questions between their answers, levels to the right.

import type { TreeNode } from "../../api/generated";

export const WIDE = 164;
export const TALL = 44;
export const GAP = 46;
const BETWEEN = 10;

export interface Placed {
  key: string;
  node: TreeNode;
  x: number;
  y: number;
  /** Where it comes from, and by which answer. */
  from: { x: number; y: number; yes: boolean } | null;
}

export function placedTree(root: TreeNode): { nodes: Placed[]; width: number; height: number } {
  const nodes: Placed[] = [];
  let below = 0;
  let deepest = 0;
  const place = (node: TreeNode, depth: number, key: string): Placed => {
    deepest = Math.max(deepest, depth);
    const x = depth * (WIDE + GAP);
    const answers = [node.left, node.right].map((one, side) => one && place(one, depth + 1, `${key}${side}`));
    const [yes, no] = answers;
    let y = below;
    if (yes && no) y = (yes.y + no.y) / 2;
    else if (yes ?? no) y = (yes ?? no)?.y ?? below;
    else below += TALL + BETWEEN;
    const own: Placed = { key, node, x, y, from: null };
    if (yes) yes.from = { x, y, yes: true };
    if (no) no.from = { x, y, yes: false };
    nodes.push(own);
    return own;
  };
  place(root, 0, "r");
  return { nodes, width: (deepest + 1) * (WIDE + GAP) - GAP, height: below - BETWEEN };
}
