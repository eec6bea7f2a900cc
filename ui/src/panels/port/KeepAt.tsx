import { Button } from "../../components/Button";
import { splitPath } from "../../graph/document";
import { useCatalog } from "../../store/catalog";
import { useDocument } from "../../store/document";
import { run } from "../../store/session";
import { usePortFacts } from "../../store/status";
import { portTexts } from "../../texts/port";
import { fedSettings } from "../settings/incoming";
import { blockAt } from "../titles";

/**
 * Work that the person had enough of, kept for good: the node is to last just so long, and a run then gives what there is,
 * without more work.
 */
export function KeepAt({ node }: { node: string }) {
  const type = useCatalog((catalog) => catalog.nodes.get(blockAt(node)?.type ?? ""));
  const facts = usePortFacts(node, type?.outputs.find((port) => port.type === "Network")?.name ?? "");
  const { within, id } = splitPath(node);
  const fed = useDocument(({ document }) => fedSettings(document, within, id).has(type?.lasts ?? ""));
  const count = facts?.facts["keep at"];
  if (!type?.lasts || fed || typeof count !== "number") return null;
  const keep = () => {
    useDocument.getState().apply({ op: "set", within, node: id, setting: type.lasts, value: count });
    run([node]);
  };
  return (
    <Button size="small" icon="check" title={portTexts.keepAtHint(type.lasts, count)} onClick={keep}>
      {portTexts.keepAt(type.lasts, count)}
    </Button>
  );
}
