import "@xyflow/react/dist/base.css";
import { Background, BackgroundVariant, ReactFlow, SelectionMode, useReactFlow, useStore } from "@xyflow/react";
import { type MouseEvent, useEffect } from "react";
import { Button } from "../components/Button";
import { useDocument, useLevel } from "../store/document";
import { useTheme } from "../store/layout";
import { moves, useMoving } from "../store/moving";
import { canvasTexts as texts } from "../texts/canvas";
import { Icon } from "../theme/Icon";
import { Breadcrumb } from "./Breadcrumb";
import css from "./Canvas.module.css";
import { ConnectDialog, FeedDialog } from "./ConnectDialog";
import { ContextMenu } from "./ContextMenu";
import { EdgeBox } from "./EdgeBox";
import { FAR_FEW, FAR_MANY, FarField } from "./FarField";
import { FrameBox } from "./FrameBox";
import type { FlowNode, WireEdge } from "./flow";
import { HelpSheet } from "./HelpSheet";
import { NodeBox } from "./NodeBox";
import { NoteBox } from "./NoteBox";
import { SearchPalette } from "./SearchPalette";
import { cornerAt } from "./sizes";
import { show, useCanvas } from "./state";
import { useDragging } from "./useDragging";
import { useDrop } from "./useDrop";
import { useFlow } from "./useFlow";
import { taken } from "./useGlides";
import { useKeys } from "./useKeys";
import { usePointing } from "./usePointing";
import { usePortColours } from "./usePortColours";
import { useRevealing } from "./useRevealing";
import { useWiring } from "./useWiring";
import { ViewControls } from "./ViewControls";
import { LEAST_ZOOM, useBeginning } from "./viewing";
import { Wire, WireInHand } from "./Wire";

const nodeTypes = { box: NodeBox, note: NoteBox, frame: FrameBox, edge: EdgeBox };
const edgeTypes = { wire: Wire };
// what stays the same: with new ones at each move React Flow would listen anew
const none: WireEdge[] = [];
const severalKeys = ["Shift", "Meta", "Control"];
const options = { hideAttribution: true };
const takenByHand = (event: unknown): void => {
  if (event) taken(); // none: the view moves of itself
};

/** Where a workflow is put together. */
export function Canvas() {
  const { nodes, edges, setNodes, onNodesChange, onEdgesChange } = useFlow();
  const far = useFar(nodes.length);
  const theme = useTheme();
  const { screenToFlowPosition } = useReactFlow();
  const dragging = useDragging(setNodes);
  const wiring = useWiring();
  const pointing = usePointing();
  const drop = useDrop();
  const { onKeyDown, search } = useKeys();
  const said = useCanvas((state) => state.said);
  const moving = useMoving(moves);
  const revision = useDocument((state) => state.revision);
  usePortColours();
  useRevealing(nodes);
  useBeginning(nodes);

  const onDoubleClick = (event: MouseEvent): void => {
    if (!(event.target as HTMLElement).classList.contains("react-flow__pane")) return;
    const at = { x: event.clientX, y: event.clientY };
    const flow = screenToFlowPosition(at);
    show({ search: { at, flow: cornerAt(flow) } });
  };
  return (
    <section
      className={css.canvas}
      aria-label={texts.canvas}
      data-canvas
      data-area="canvas"
      data-moving={moving}
      data-revision={revision}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is moved about in by keyboard
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDoubleClick={onDoubleClick}
      {...drop}
    >
      {far && <FarField nodes={nodes} edges={edges} />}
      <ReactFlow<FlowNode, WireEdge>
        nodes={nodes}
        edges={far ? none : edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        connectionLineComponent={WireInHand}
        colorMode={theme}
        minZoom={LEAST_ZOOM}
        maxZoom={2}
        deleteKeyCode={null}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={severalKeys}
        zoomOnDoubleClick={false}
        connectOnClick={false}
        connectionRadius={26}
        disableKeyboardA11y
        edgesFocusable={false}
        elevateNodesOnSelect={false}
        onlyRenderVisibleElements={!far}
        onMoveStart={takenByHand}
        proOptions={options}
        {...pointing}
        {...dragging}
        {...wiring}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--line-strong)" />
      </ReactFlow>
      <Breadcrumb />
      <ViewControls />
      <Empty onAdd={() => search()} />
      <SearchPalette />
      <ContextMenu />
      <ConnectDialog />
      <FeedDialog />
      <HelpSheet />
      <div className="said" role="status" aria-live="polite">
        {said}
      </div>
    </section>
  );
}

/** Whether the view is so far out that boxes are plain; few boxes are drawn whole for longer. */
function useFar(count: number): boolean {
  const limit = count > 120 ? FAR_MANY : FAR_FEW;
  const far = useStore((state) => state.transform[2] < limit);
  useEffect(() => {
    if (useCanvas.getState().far !== far) show({ far });
  }, [far]);
  return far;
}

function Empty({ onAdd }: { onAdd: () => void }) {
  const level = useLevel();
  const within = useDocument((state) => state.within);
  const empty = [level.nodes, level.notes, level.frames].every((part) => Object.keys(part).length === 0);
  if (!empty || within) return null;
  return (
    <div className={css.empty}>
      <Icon name="component" size={40} />
      <h2>{texts.emptyTitle}</h2>
      <p>{texts.emptyText}</p>
      <Button kind="primary" icon="plus" onClick={onAdd}>
        {texts.emptyButton}
      </Button>
    </div>
  );
}
