import { COMPONENT, splitPath } from "../graph/document";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";
import { blockIn } from "../store/looked";
import { settingsTexts } from "../texts/settings";

/** The block of the node at a path, if it is there. */
export const blockAt = (path: string) => blockIn(useDocument.getState().document, path);

/** Title of the node at a path, as the canvas shows it. */
export function titleAt(path: string): string {
  if (path === "") return settingsTexts.workflow;
  const block = blockAt(path);
  if (!block) return splitPath(path).id;
  if (block.title) return block.title;
  return block.type === COMPONENT
    ? settingsTexts.component
    : (useCatalog.getState().nodes.get(block.type)?.title ?? block.type);
}
