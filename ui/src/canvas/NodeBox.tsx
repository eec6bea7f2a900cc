import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { NodeState } from "../api/generated";
import { IconButton } from "../components/Button";
import { splitPath } from "../graph/document";
import { useSelection } from "../store/selection";
import { useNodeState, usePortFacts, useStatus } from "../store/status";
import { canvasTexts as texts } from "../texts/canvas";
import { stateTexts } from "../texts/states";
import { Icon } from "../theme/Icon";
import { enter } from "./actions";
import { Curve } from "./Curve";
import type { BoxNode } from "./flow";
import { footWords } from "./footWords";
import css from "./NodeBox.module.css";
import { Port } from "./Port";
import { RenameField } from "./RenameField";
import { StateMark } from "./StateMark";
import { BOX_WIDTH, boxHeight, portRows, portY } from "./sizes";
import { useCanvas } from "./state";
import { wrongOn } from "./wrongOn";

/** A node of the workflow. */
export const NodeBox = memo(function NodeBox({ id, data, selected }: NodeProps<BoxNode>) {
  const far = useCanvas((state) => state.far);
  if (!far) return <NearBox id={id} data={data} selected={selected} />;
  // drawn on the far field's sheet; here is what the mouse meets
  return <div style={{ width: BOX_WIDTH, height: boxHeight(data.inputs.length, data.outputs.length) }} />;
});

function NearBox({ id, data, selected }: Pick<NodeProps<BoxNode>, "id" | "data" | "selected">) {
  const { block, face, path, inputs, outputs } = data;
  const state = useNodeState(path);
  const renaming = useCanvas((canvas) => canvas.renaming === id);
  const rows = portRows(inputs.length, outputs.length);
  const nodeType = face.nodeType;
  return (
    <div className={css.box} data-state={state.state} data-selected={selected} data-component={block.inside !== null}>
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
            <RenameField id={id} title={face.title} />
          ) : (
            <div className={css.title} title={face.title}>
              {face.title}
            </div>
          )}
          <div className={css.summary} title={state.summary}>
            {state.summary ||
              nodeType?.summary ||
              (block.inside ? texts.componentOf(Object.keys(block.inside.nodes).length) : "")}
          </div>
        </div>
        <StateMark state={state.state} />
      </div>
      {rows > 0 && (
        <div className={css.ports} style={{ height: rows * 20 + 6 }}>
          <PortNames ports={inputs.map((one) => one.name)} />
          <PortNames ports={outputs.map((one) => one.name)} right />
        </div>
      )}
      <Foot
        path={path}
        state={state}
        output={outputs[0]?.name}
        pinned={block.pinned}
        component={block.inside !== null}
        id={id}
      />
      <Message path={path} state={state} />
      <Curve curves={state.curves} />
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
  pinned: boolean;
  component: boolean;
}

function Foot({ id, path, state, output, pinned, component }: FootProps) {
  const facts = usePortFacts(path, output ?? "");
  const findings = useStatus((status) => status.findings);
  const words = footWords(state, facts, wrongOn(path, state, findings) !== null);
  return (
    <div className={css.foot} title={state.reason || stateTexts[state.state]}>
      <span className={css.facts}>{words}</span>
      {pinned && <Icon name="pin" size={13} label={texts.pinned} />}
      {component && (
        <IconButton
          icon="chevron-right"
          size="tiny"
          className="nodrag"
          tabIndex={-1}
          label={texts.open}
          onClick={() => enter(id)}
        />
      )}
    </div>
  );
}

/** What went wrong, on the node; it leads to the setting to mend. */
function Message({ path, state }: { path: string; state: NodeState }) {
  const findings = useStatus((status) => status.findings);
  const toSetting = useSelection((selection) => selection.toSetting);
  const wrong = wrongOn(path, state, findings);
  if (!wrong) return null;
  return (
    <button
      type="button"
      className={`${css.message} nodrag`}
      data-bad={wrong.bad}
      tabIndex={-1}
      title={`${wrong.what} ${wrong.remedy}`.trim()}
      onClick={(event) => {
        event.stopPropagation();
        if (wrong.setting) toSetting(path, wrong.setting);
        else useSelection.getState().select([splitPath(path).id]);
      }}
    >
      <span>{wrong.what}</span>
      {wrong.remedy && <span className={css.remedy}>{wrong.remedy}</span>}
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
