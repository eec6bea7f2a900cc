import { lazy, Suspense, useEffect, useId, useState } from "react";
import type { NodeState, PortFacts } from "../api/generated";
import { Button, IconButton } from "../components/Button";
import { Skeleton } from "../components/Empty";
import { duration } from "../components/formats";
import { Select } from "../components/Inputs";
import { PortMark } from "../components/PortMark";
import { type Tab, Tabs } from "../components/Tabs";
import { exposed, pathOf } from "../graph/document";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";
import { useLayout } from "../store/layout";
import { useLooked } from "../store/looked";
import { chosenNode, type Port, useSelection } from "../store/selection";
import { run } from "../store/session";
import { useNodeState, usePortFacts, useStatus } from "../store/status";
import { useTouched } from "../store/touched";
import { portTexts } from "../texts/port";
import { Icon } from "../theme/Icon";
import { keptOn } from "../views/network/kept";
import { type Learnt, useLearnt } from "../views/network/useLearnt";
import { MessagesPanel, told } from "./MessagesPanel";
import { KeepAt } from "./port/KeepAt";
import css from "./port/port.module.css";
import { Standing } from "./port/Standing";
import { useFresh } from "./port/useFresh";
import { blockAt, titleAt } from "./titles";

const Grid = lazy(() => import("../views/grid/Grid"));
const Chart = lazy(() => import("../views/chart/Chart"));
const Curves = lazy(() => import("../views/chart/Curves"));
const ModelView = lazy(() => import("../views/model/ModelView"));
const ReportView = lazy(() => import("../views/report/ReportView"));
const NetworkView = lazy(() => import("../views/network/NetworkView"));
const ValueView = lazy(() => import("../views/ValueView"));

type View = "value" | "curves" | "messages";

const VALUE: Record<string, { title: string; icon: string }> = {
  Table: { title: portTexts.table, icon: "table" },
  Figure: { title: portTexts.chart, icon: "bar" },
  Model: { title: portTexts.model, icon: "model" },
  Report: { title: portTexts.report, icon: "report" },
  Network: { title: portTexts.network, icon: "network" },
  Variable: { title: portTexts.variable, icon: "variable" },
};

/** Outputs of the node at a path: [name, type]. */
function outputsOf(path: string): [string, string][] {
  const block = blockAt(path);
  const type = useCatalog.getState().nodes.get(block?.type ?? "");
  if (type) return type.outputs.map((port) => [port.name, port.type]);
  const ports = useStatus.getState().ports;
  const inside = block?.inside;
  return inside ? [...exposed(inside).outputs.keys()].map((name) => [name, ports[`${path}.${name}`]?.type ?? ""]) : [];
}

/** Whoever chooses a node looks at what comes out of it, unless one of its ports is looked at already. */
function useLookAtChosen() {
  const chosen = useSelection(chosenNode);
  const within = useDocument((state) => state.within);
  const known = useCatalog((state) => state.loaded);
  useEffect(() => {
    if (!chosen || !known) return;
    const path = pathOf(within, chosen);
    const { looked, look } = useSelection.getState();
    if ((looked?.node === path && looked.port) || !blockAt(path)) return;
    const [first] = outputsOf(path);
    look(first ? { node: path, port: first[0] } : { node: path, port: "" });
  }, [chosen, within, known]);
}

/** Below the canvas: the value at the port that is looked at, and what the node says. open: not only its head. */
export function PortPanel({ open }: { open: boolean }) {
  useLookAtChosen();
  const looked = useLooked();
  if (looked) return <Looked key={looked.node} looked={looked} open={open} />;
  return (
    <section className={css.panel} aria-label={portTexts.panel}>
      <header className={css.head}>
        <span className={css.port}>{portTexts.nothingHint}</span>
      </header>
    </section>
  );
}

function Looked({ looked, open }: { looked: Port; open: boolean }) {
  const { node, port } = looked;
  const panels = useId();
  const [chosen, setChosen] = useState<View>("value");
  const state = useNodeState(node);
  const facts = usePortFacts(node, port);
  const been = useTouched();
  const said = useStatus((status) => told(status, been, node).length);
  const bad = useStatus((status) => told(status, been, node).some((one) => one.tone === "bad"));
  const outputs = outputsOf(node);
  const type = facts?.type || (outputs.find(([name]) => name === port)?.[1] ?? "");
  const network = outputs.find(([, of]) => of === "Network")?.[0] ?? "";
  const learnt = useLearnt(node, network, state);
  const curves = Object.keys(learnt.curves).length > 0;
  const tabs: Tab<View>[] = [
    ...(port ? [{ id: "value" as const, ...(VALUE[type] ?? { title: portTexts.facts, icon: "info" }) }] : []),
    ...(curves ? [{ id: "curves" as const, title: portTexts.curves, icon: "line" }] : []),
    { id: "messages", title: portTexts.messages, icon: "message", count: said, bad },
  ];
  const view = tabs.some((tab) => tab.id === chosen) ? chosen : "messages";
  return (
    <section className={css.panel} aria-label={portTexts.panel}>
      <header className={css.head}>
        <div className={css.where}>
          <PortMark type={type} size={13} />
          <h2 className={css.title} title={titleAt(node)}>
            {titleAt(node)}
          </h2>
          <PortChoice node={node} port={port} outputs={outputs} />
        </div>
        <Tabs
          label={portTexts.views}
          tabs={tabs}
          chosen={view}
          onChoose={(tab) => {
            setChosen(tab);
            useLayout.getState().change({ portOpen: true });
          }}
          panels={panels}
        />
        <Right node={node} state={state} />
      </header>
      {open && (
        <div id={`${panels}-${view}`} role="tabpanel" aria-labelledby={`${panels}-tab-${view}`} className={css.body}>
          <Suspense fallback={<Skeleton label={portTexts.loading} />}>
            {view === "messages" && <MessagesPanel key={node} node={node} />}
            {view === "curves" && <NodeCurves node={node} network={network} state={state} learnt={learnt} />}
            {view === "value" && <Value key={port} node={node} port={port} type={type} state={state} facts={facts} />}
          </Suspense>
        </div>
      )}
    </section>
  );
}

interface NodeCurvesProps {
  node: string;
  /** the output where the network lies that has learnt; "" where there is none */
  network: string;
  state: NodeState;
  learnt: Learnt;
}

/** Learning curves, with the epoch marked whose weights the network that came out has. */
function NodeCurves({ node, network, state, learnt }: NodeCurvesProps) {
  const facts = usePortFacts(node, network);
  return <Curves state={learnt} kept={state.state === "running" ? null : keptOn(facts?.facts, learnt.points)} />;
}

function PortChoice({ node, port, outputs }: { node: string; port: string; outputs: [string, string][] }) {
  const look = useSelection((state) => state.look);
  if (outputs.length < 2) return <span className={css.port}>{port}</span>;
  return (
    <span className={css.ports}>
      <Select
        aria-label={portTexts.port}
        value={port}
        style={{ height: 26 }}
        onChange={(event) => look({ node, port: event.target.value })}
      >
        {outputs.map(([name]) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
    </span>
  );
}

const STATE_ICONS: Record<NodeState["state"], string> = {
  incomplete: "sliders",
  ready: "play",
  waiting: "clock",
  running: "refresh",
  done: "check",
  stale: "refresh",
  failed: "error",
  cancelled: "stop",
  interrupted: "warning",
  placeholder: "help",
};

/** How a node stands; without an input its settings are not what it needs. */
const stateWords = ({ state, problem }: NodeState): string =>
  state === "incomplete" && problem?.id === "input-missing" ? portTexts.needsWire : portTexts.states[state];

function Right({ node, state }: { node: string; state: NodeState }) {
  const busy = state.state === "running" || state.state === "waiting";
  const time = state.state === "done" && state.seconds !== null ? duration(state.seconds) : "";
  return (
    <div className={css.right}>
      <span className={css.state} data-state={state.state} title={state.reason}>
        <Icon name={STATE_ICONS[state.state]} size={14} />
        <span className={css.stateWords}>
          {state.provisional ? portTexts.forNow : stateWords(state)}
          {time && !state.cached && `, ${portTexts.seconds(time)}`}
        </span>
      </span>
      {!busy && state.provisional && <KeepAt node={node} />}
      {!busy && (state.state !== "done" || state.provisional) && (
        <Button size="small" icon="run-to" disabled={state.state === "incomplete"} onClick={() => run([node])}>
          {state.provisional ? portTexts.goOn : portTexts.runTo}
        </Button>
      )}
      <Fold />
    </div>
  );
}

/** Folds the panel to its head, and opens it again. */
function Fold() {
  const { portOpen, change } = useLayout();
  return (
    <IconButton
      icon={portOpen ? "chevron-down" : "chevron-up"}
      label={portOpen ? portTexts.close : portTexts.open}
      aria-expanded={portOpen}
      className={css.fold}
      onClick={() => change({ portOpen: !portOpen })}
    />
  );
}

const RETRIES = 6;
const PAUSE = 400; // ms

function Retry({ onTime }: { onTime: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    const timer = setTimeout(onTime, PAUSE);
    return () => clearTimeout(timer);
  }, []);
  return <Skeleton label={portTexts.loading} />;
}

interface ValueProps {
  node: string;
  port: string;
  type: string;
  state: NodeState;
  facts: PortFacts | undefined;
}

function Value({ node, port, type, state, facts }: ValueProps) {
  const document = useDocument((now) => now.id);
  const now = useFresh(state, facts);
  const [again, setAgain] = useState({ of: now, times: 0 });
  const times = again.of === now ? again.times : 0;
  const fresh = `${now} ${times}`;
  // A node is done a moment before its result is found: it is asked for again.
  const soon = state.state === "done" && times < RETRIES;
  const refused = (problem: { id: string; what: string; remedy: string }) =>
    soon ? (
      <Retry key={times} onTime={() => setAgain({ of: now, times: times + 1 })} />
    ) : (
      <Standing node={node} state={state} problem={problem} />
    );
  const at = { document, node, port, fresh, refused };
  switch (type) {
    case "Table":
      return <Grid {...at} columns={facts?.schema ?? null} />;
    case "Figure":
      return <Chart {...at} />;
    case "Model":
      return <ModelView {...at} />;
    case "Report":
      return <ReportView {...at} />;
    case "Network":
      return <NetworkView {...at} state={state} />;
    default:
      return <ValueView facts={facts} refused={refused} />;
  }
}
