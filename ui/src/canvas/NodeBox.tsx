import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { NodeState } from "../api/generated";
import { IconButton } from "../components/Button";
import { Prose } from "../components/Prose";
import { countNodes, splitPath } from "../graph/document";
import { useDocument } from "../store/document";
import { useSelection } from "../store/selection";
import { useNodeState, usePortFacts, useStatus } from "../store/status";
import { useTouched } from "../store/touched";
import { canvasTexts as texts } from "../texts/canvas";
import { stateName, stateTexts } from "../texts/states";
import { Icon } from "../theme/Icon";
import { keptEpoch, keptOn } from "../views/network/kept";
import { useLearnt } from "../views/network/useLearnt";
import { enter, togglePreview } from "./actions";
import { Curve } from "./Curve";
import type { BoxNode } from "./flow";
import { footWords } from "./footWords";
import css from "./NodeBox.module.css";
import { Port } from "./Port";
import { NodePreview } from "./preview/NodePreview";
import { Resizer } from "./Resizer";
import { StateMark } from "./StateMark";
import { BOX_WIDTH, boxHeight, portRows, portY } from "./sizes";
import { useCanvas } from "./state";
import { TitleField } from "./TitleField";
import { type Wrong, wrongOn } from "./wrongOn";

/** A node of the workflow. */
export const NodeBox = memo(function NodeBox({ id, data, selected }: NodeProps<BoxNode>) {
  const far = useCanvas((state) => state.far);
  if (!far) return <NearBox id={id} data={data} selected={selected} />;
  // drawn on the far field's sheet; here is what the mouse meets
  return <div style={data.size ?? { width: BOX_WIDTH, height: boxHeight(data.inputs.length, data.outputs.length) }} />;
});

function NearBox({ id, data, selected }: Pick<NodeProps<BoxNode>, "id" | "data" | "selected">) {
  const { block, face, path, inputs, outputs, size } = data;
  const state = useNodeState(path);
  const renaming = useCanvas((canvas) => canvas.renaming === id);
  const findings = useStatus((status) => status.findings);
  const wrong = wrongOn(path, [face.title, face.nodeType?.title ?? ""], state, findings, useTouched());
  const rows = portRows(inputs.length, outputs.length);
  const nodeType = face.nodeType;
  const [first] = outputs;
  const plain = boxHeight(inputs.length, outputs.length);
  return (
    <div
      className={css.box}
      data-sized={size !== null}
      data-state={state.state}
      data-selected={selected}
      data-component={block.inside !== null}
    >
      {size && selected && <Resizer id={id} isVisible minWidth={BOX_WIDTH} minHeight={plain + 48} />}
      <div className={css.head}>
        <span className={css.icon} data-family={nodeType?.family}>
          <Icon
            name={block.inside ? "component" : (nodeType?.icon ?? "missing")}
            family={nodeType?.family ?? ""}
            size={18}
          />
        </span>
        <div className={css.words}>
          {renaming ? (
            <TitleField
              id={id}
              title={face.title}
              label={texts.rename}
              className={css.rename}
              onKeep={(title, group) => useDocument.getState().apply({ op: "rename", node: id, title }, group)}
            />
          ) : (
            <div className={css.title} title={face.title}>
              {face.title}
            </div>
          )}
          <div className={css.summary} title={state.summary}>
            {state.summary || (
              <Prose text={nodeType?.summary || (block.inside ? texts.componentOf(countNodes(block.inside)) : "")} />
            )}
          </div>
        </div>
        {block.pinned && <Icon name="pin" size={13} label={texts.pinned} />}
        {block.inside && (
          <IconButton
            icon="chevron-right"
            size="tiny"
            className="nodrag"
            tabIndex={-1}
            label={texts.open}
            onClick={() => enter(id)}
          />
        )}
        <StateMark state={state.state} name={stateName(state)} />
      </div>
      {rows > 0 && (
        <div className={css.ports} style={{ height: rows * 20 + 6 }}>
          <PortNames ports={inputs.map((one) => one.name)} />
          <PortNames ports={outputs.map((one) => one.name)} right />
        </div>
      )}
      {wrong ? (
        <Message path={path} wrong={wrong} />
      ) : (
        <Foot id={id} path={path} state={state} output={first?.name} open={size !== null} />
      )}
      {size && first && (
        <NodePreview
          path={path}
          port={first.name}
          type={first.type ?? ""}
          state={state}
          width={size.width}
          height={size.height - plain}
        />
      )}
      <NodeCurve path={path} output={first?.name} state={state} />
      {state.state === "running" && <Bar state={state} />}
      {inputs.map((port, i) => (
        <Port key={port.name} node={id} title={face.title} side="in" port={port} y={portY(i, rows)} />
      ))}
      {outputs.map((port, i) => (
        <Port key={port.name} node={id} title={face.title} side="out" port={port} y={portY(i, rows)} />
      ))}
    </div>
  );
}

/** What it learns or learnt; of a network that has learnt, with the epoch whose weights it has. */
function NodeCurve({ path, output, state }: { path: string; output: string | undefined; state: NodeState }) {
  const facts = usePortFacts(path, output ?? "")?.facts;
  const kept = state.state === "done" || state.state === "stale" ? keptEpoch(facts) : null;
  const { curves, points } = useLearnt(path, output ?? "", state);
  const marked = keptOn(facts, points) !== null;
  return <Curve curves={curves} kept={kept !== null && facts ? { epoch: kept, facts, marked } : null} />;
}

function PortNames({ ports, right = false }: { ports: string[]; right?: boolean }) {
  return (
    <div className={css.names} data-right={right}>
      {ports.map((name) => (
        <span key={name} title={name}>
          {name.replace(/^settings\./, "")}
        </span>
      ))}
    </div>
  );
}

interface FootProps {
  id: string;
  path: string;
  state: NodeState;
  output: string | undefined;
  /** what comes out is shown below */
  open: boolean;
}

function Foot({ id, path, state, output, open }: FootProps) {
  const facts = usePortFacts(path, output ?? "");
  const words = footWords(state, facts);
  return (
    <div className={css.foot} title={state.reason || (state.state === "cancelled" ? words : stateName(state))}>
      <span className={css.facts}>{words}</span>
      {output && (
        <IconButton
          icon={open ? "chevron-up" : "chevron-down"}
          size="tiny"
          className={`${css.more} nodrag`}
          tabIndex={-1}
          label={open ? texts.hidePreview : texts.preview}
          aria-expanded={open}
          onClick={() => togglePreview([id])}
          onDoubleClick={(event) => event.stopPropagation()}
        />
      )}
    </div>
  );
}

/** What went wrong, on the node, in the place of its foot; it leads to the setting to mend. */
function Message({ path, wrong }: { path: string; wrong: Wrong }) {
  const toSetting = useSelection((selection) => selection.toSetting);
  return (
    <button
      type="button"
      className={`${css.message} nodrag`}
      data-tone={wrong.tone}
      tabIndex={-1}
      title={`${wrong.what} ${wrong.remedy}`.trim()}
      onClick={(event) => {
        event.stopPropagation();
        if (wrong.setting) toSetting(path, wrong.setting);
        else useSelection.getState().select([splitPath(path).id]);
      }}
    >
      <span>
        <Prose text={wrong.what} />
      </span>
      {wrong.remedy && (
        <span className={css.remedy}>
          <Prose text={wrong.remedy} />
        </span>
      )}
    </button>
  );
}

function Bar({ state }: { state: NodeState }) {
  const { progress } = state;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null;
  return (
    <div
      className={css.bar}
      data-unknown={share === null}
      role="progressbar"
      aria-label={progress?.title || stateTexts.running}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
    >
      <div style={share === null ? undefined : { transform: `scaleX(${share})` }} />
    </div>
  );
}
