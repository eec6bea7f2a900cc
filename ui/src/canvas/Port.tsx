import { Handle, Position, useConnection } from "@xyflow/react";
import { PortMark } from "../components/PortMark";
import type { PortFace } from "../graph/faces";
import { canvasTexts as texts } from "../texts/canvas";
import { endOf } from "./actions";
import css from "./Port.module.css";
import { show } from "./state";

interface Props {
  node: string;
  title: string;
  side: "in" | "out";
  port: PortFace;
  y: number;
}

/** What the wire in the hand makes of a port: nothing is drawn, it fits, it does not. */
function useFits(node: string, side: "in" | "out", type: string | null): "" | "yes" | "no" {
  return useConnection((connection) => {
    if (!connection.inProgress) return "";
    const { nodeId, id, type: end } = connection.fromHandle;
    const wanted = end === "source" ? "in" : "out";
    if (wanted !== side || nodeId === node || !id) return "no";
    const carried = endOf(nodeId, id).type;
    return !carried || !type || carried === type ? "yes" : "no";
  });
}

/** A port: a wire begins or ends here. A click asks what to connect it to. */
export function Port({ node, title, side, port, y }: Props) {
  const fits = useFits(node, side, port.type);
  const label = texts.port(side, port.name, port.type, title);
  return (
    <Handle
      id={`${side}:${port.name}`}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Left : Position.Right}
      className={css.port}
      style={{ top: y }}
      data-fits={fits}
      role="button"
      tabIndex={-1}
      aria-label={label}
      title={port.doc ? `${label}\n${port.doc}` : label}
      onClick={(event) => {
        event.stopPropagation();
        show({ connect: { node, end: endOf(node, `${side}:${port.name}`) } });
      }}
    >
      <PortMark type={port.type ?? ""} size={13} />
    </Handle>
  );
}
