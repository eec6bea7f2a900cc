import { Component, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { Snapshot } from "../api/generated";
import { navigate, pathOfDocument } from "../app/router";
import { Button, IconButton } from "../components/Button";
import { Empty } from "../components/Empty";
import { Select, TextInput } from "../components/Inputs";
import { useFetched } from "../components/useFetched";
import { unfoldTexts as texts } from "../texts/unfold";
import { useThere } from "./source/heads";
import { HttpSource, SourceError } from "./source/source";
import type { LookingStore } from "./state";
import { type TypedColumn, TypeIn } from "./TypeIn";
import { Unfold } from "./Unfold";
import css from "./UnfoldPage.module.css";

/** What the studio says about a network that can be opened. */
interface About {
  title: string;
  layers: { id: string; title: string }[];
  layer: string | null;
  tables: { node: string; port: string; title: string }[];
  /** A page of the rows that can be opened, where it begins among them, and how many there are. */
  rows: number[];
  first: number;
  count: number;
  /** The place among them of the first that has its answer. */
  start: number;
  columns: TypedColumn[];
  /** Still being trained: what is shown is as of the last checkpoint. */
  training: boolean;
  running: boolean;
  epochs: number;
  version: string;
}

/** Which trace: of which layer, at which row of which table, or at what was typed in. */
interface Which {
  of: string;
  table: number;
  /** Which of the rows that can be opened; null: the first that has its answer. */
  place: number | null;
  typed: string;
  against: string;
  /** What is followed back; empty: the loss, where the answer is known. */
  follow: string;
}

const FIRST: Which = { of: "", table: 0, place: null, typed: "", against: "", follow: "" };
const PAGE = 200;
const AGAIN = 3000; // milliseconds from an answer to the next look at a network that is being trained

/** A network of a workflow opened: /d/{document}/unfold/{node}. */
export default function UnfoldPage({ id, node }: { id: string; node: string }) {
  const [which, setWhich] = useState(FIRST);
  const change = (by: Partial<Which>) => setWhich((now) => ({ ...now, ...by }));
  const address = tracesOf(id, node);
  const first = which.place === null ? undefined : String(Math.floor(which.place / PAGE) * PAGE);
  const [look, setLook] = useState(0);
  const about = useFetched<About>(`${address}/about?${query({ of: which.of, table: which.table, first })}`, look);
  const training = about.data?.training ?? false;
  const { loading } = about;
  useEffect(() => {
    if (!training || loading) return; // to ask again calls off what is asked: a busy studio would never come to answer
    const timer = setTimeout(() => setLook((n) => n + 1), AGAIN);
    return () => clearTimeout(timer);
  }, [training, loading]);
  const snapshot = useFetched<Snapshot>(`/api/documents/${encodeURIComponent(id)}`);
  const title = about.data?.title ?? "";
  useEffect(() => {
    document.title = title ? `${title} · Peephole` : "Peephole";
  }, [title]);
  const back = () => navigate(pathOfDocument(id));
  const row = about.data?.rows[(which.place ?? about.data.start) - about.data.first];
  const wanted = useSources(id, node, which, row, about.data?.version);
  const memory = useRef<LookingStore | null>(null); // level, step and unit outlive another row
  const there = useThere(wanted); // what is shown stays until the next is there
  if (about.problem) {
    return (
      <main className={css.failed}>
        <Failed title={texts.failed} problem={about.problem} onBack={back} />
      </main>
    );
  }
  return (
    <main className={css.page}>
      <header className={css.head}>
        <Button icon="arrow-left" size="small" kind="quiet" aria-label={texts.back} title={texts.back} onClick={back}>
          {texts.toWorkflow}
        </Button>
        <h1>{title}</h1>
        <span className={css.training}>
          {training && texts.training(about.data?.epochs ?? 0, about.data?.running ?? false)}
        </span>
        {about.data && (
          <Choices
            about={about.data}
            which={which}
            values={row === undefined ? null : `${address}/values?table=${which.table}&row=${row}`}
            others={others(snapshot.data, node)}
            onChange={change}
          />
        )}
      </header>
      {there?.refused ? (
        <div className={css.failed}>
          <Failed title={texts.exampleFailed} problem={problemOf(there.refused)} onBack={back} />
        </div>
      ) : there ? (
        <Problems of={there.sources.map((source) => source.id).join()} onBack={back}>
          <Suspense fallback={<p className={css.opening}>{texts.opening}</p>}>
            <Unfold
              sources={there.sources}
              memory={memory}
              onOpenLayer={(layer) => change({ of: layer })}
              onFollow={(what) => change({ follow: what === "task" ? "" : what })}
            />
          </Suspense>
        </Problems>
      ) : (
        <p className={css.opening}>{texts.opening}</p>
      )}
    </main>
  );
}

function tracesOf(id: string, node: string): string {
  return `/api/documents/${encodeURIComponent(id)}/traces/${node.split("/").map(encodeURIComponent).join("/")}`;
}

function query(parts: Record<string, string | number | undefined>): string {
  const there = Object.entries(parts).filter(([, value]) => value !== undefined && value !== "" && value !== 0);
  return there.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
}

/** The trace, and that of the network it is compared with, at the same row. */
function useSources(id: string, node: string, which: Which, row: number | undefined, version: string | undefined) {
  const { of, table, typed, against, follow } = which;
  return useMemo(() => {
    if (version === undefined || (row === undefined && !typed)) return null;
    const example = query({ table, row: typed ? undefined : (row ?? 0), typed, follow, at: version });
    const withRow = row === 0 && !typed ? `${example}&row=0` : example;
    const one = `${withRow}${of ? `&of=${encodeURIComponent(of)}` : ""}`;
    const sources = [new HttpSource(`${node}?${one}`, tracesOf(id, node), one)];
    if (against) sources.push(new HttpSource(`${against}?${withRow}`, tracesOf(id, against), withRow));
    return sources;
  }, [id, node, of, table, typed, against, follow, row, version]);
}

/** Other nodes whose networks can be compared with this one: those that train. */
function others(snapshot: Snapshot | undefined, node: string): { id: string; title: string }[] {
  const nodes = Object.entries(snapshot?.document.nodes ?? {});
  return nodes
    .filter(([id, block]) => id !== node && /train_network|load_network/.test(block.type ?? ""))
    .map(([id, block]) => ({ id, title: block.title || id }));
}

interface ChoicesProps {
  about: About;
  which: Which;
  /** where the example is told as it would be typed in */
  values: string | null;
  others: { id: string; title: string }[];
  onChange: (by: Partial<Which>) => void;
}

/** Which row, which layer, against what. */
function Choices({ about, which, values, others: compared, onChange }: ChoicesProps) {
  const [typing, setTyping] = useState(false);
  return (
    <>
      {about.tables.length > 1 && !which.typed && (
        <span className={css.choice}>
          {texts.table}
          <Select
            aria-label={texts.table}
            value={which.table}
            onChange={(event) => onChange({ table: Number(event.target.value), place: null, follow: "" })}
          >
            {about.tables.map((table, k) => (
              <option key={`${table.node}.${table.port}`} value={k}>
                {table.title}
              </option>
            ))}
          </Select>
        </span>
      )}
      {which.typed ? (
        <Button size="small" icon="close" onClick={() => onChange({ typed: "" })}>
          {texts.fromTable}
        </Button>
      ) : (
        <RowChoice about={about} which={which} onChange={onChange} />
      )}
      <Button size="small" icon="edit" onClick={() => setTyping(true)}>
        {texts.typeIn}
      </Button>
      {about.layers.length > 1 && (
        <span className={css.choice}>
          {texts.layer}
          <Select
            aria-label={texts.layer}
            value={which.of || (about.layer ?? "")}
            onChange={(event) => onChange({ of: event.target.value })}
          >
            {about.layers.map((layer) => (
              <option key={layer.id} value={layer.id}>
                {layer.title}
              </option>
            ))}
          </Select>
        </span>
      )}
      {compared.length > 0 && (
        <span className={css.choice}>
          <Select
            aria-label={texts.against}
            title={texts.against}
            value={which.against}
            onChange={(event) => onChange({ against: event.target.value, follow: "" })}
          >
            <option value="">{texts.nothing}</option>
            {compared.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </Select>
        </span>
      )}
      {typing && (
        <TypeIn
          columns={about.columns}
          values={values}
          before={which.typed}
          onClose={() => setTyping(false)}
          onTyped={(typed) => {
            setTyping(false);
            onChange({ typed });
          }}
        />
      )}
    </>
  );
}

function RowChoice({ about, which, onChange }: Omit<ChoicesProps, "values" | "others">) {
  const now = which.place ?? about.start;
  const go = (place: number) =>
    Number.isFinite(place) && onChange({ place: Math.max(0, Math.min(about.count - 1, Math.round(place))) });
  return (
    <span className={css.choice}>
      {texts.row}
      <IconButton icon="arrow-left" label={texts.previous} onClick={() => go(now - 1)} disabled={now === 0} />
      <TextInput
        type="number"
        min={1}
        max={about.count}
        value={now + 1}
        aria-label={texts.row}
        onChange={(event) => go(event.target.valueAsNumber - 1)}
      />
      <IconButton icon="arrow-right" label={texts.next} onClick={() => go(now + 1)} disabled={now >= about.count - 1} />
      {texts.rows(about.count)}
    </span>
  );
}

type Told = { what: string; remedy: string };

const problemOf = (error: SourceError): Told => ({ what: error.message, remedy: error.problem?.remedy ?? "" });

function Failed({ title, problem, onBack }: { title: string; problem: Told; onBack: () => void }) {
  return (
    <>
      <Empty icon="unfold" title={title}>
        {problem.what} {problem.remedy}
      </Empty>
      <Button kind="primary" icon="arrow-left" onClick={onBack}>
        {texts.back}
      </Button>
    </>
  );
}

/** Where the trace itself cannot be opened, why not. */
class Problems extends Component<{ children: ReactNode; of: string; onBack: () => void }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: { of: string }) {
    if (before.of !== this.props.of && this.state.error) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    if (!(error instanceof SourceError)) throw error;
    return (
      <div className={css.failed}>
        <Failed title={texts.exampleFailed} problem={problemOf(error)} onBack={this.props.onBack} />
      </div>
    );
  }
}
