import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { canvasTexts as texts } from "../texts/canvas";
import css from "./EdgeBox.module.css";
import type { EdgeNode } from "./flow";
import { Port } from "./Port";
import { PORT_ROW } from "./sizes";

/** One end of the component that is looked into: its ports, and a free one to make a new port with. */
export const EdgeBox = memo(function EdgeBox({ id, data }: NodeProps<EdgeNode>) {
  const { side, ports } = data;
  const title = side === "in" ? texts.inputs : texts.outputs;
  const fresh = { name: "+", type: null, doc: texts.newPortHint, optional: true, many: true };
  return (
    <div className={css.edge} data-side={side}>
      <div className={css.title}>{title}</div>
      {[...ports, fresh].map((port, i) => (
        <div key={port.name} className={css.row} data-new={port === fresh}>
          {port === fresh ? texts.newPort : port.name.replace(/^settings\./, "")}
          <Port
            node={id}
            title={title}
            side={side === "in" ? "out" : "in"}
            port={port}
            y={32 + i * PORT_ROW + PORT_ROW / 2}
          />
        </div>
      ))}
    </div>
  );
});
