// Made by `python -m peephole.studio.typescript` from wire/ and messages.py there. Do not edit.

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The node library.  broken: packages whose nodes could not be loaded. */
export interface Catalog {
  port_types: PortKind[];
  families: Family[];
  nodes: NodeType[];
  broken: string[];
}

/** For so many rows of an input after the other, in the order of reading. */
export interface ChunksRepeat {
  best: string | null;
  lowest: boolean;
  over: "chunks";
  rows: number;
  input: string;
}

/** A weight of a linear model.  target: the class it speaks for, null for one number. */
export interface Coefficient {
  feature: string;
  target: string | null;
  value: number;
}

/** One column.  count: of values that are there.  distinct: estimated beyond some thousands.  min, max: as text for dates. */
export interface ColumnStatistics {
  name: string;
  type: string;
  count: number;
  missing: number;
  distinct: number | null;
  min: Json;
  max: Json;
  mean: number | null;
  std: number | null;
  quantiles: number[] | null;
  histogram: Histogram | null;
  top: TopValue[] | null;
}

/** So many times; `name` is 1, 2, 3 ... */
export interface CountRepeat {
  best: string | null;
  lowest: boolean;
  over: "count";
  times: number;
  name: string;
}

/** A named data set.  source: where it comes from.  cached: it is on this machine already. */
export interface DataSetEntry {
  name: string;
  title: string;
  description: string;
  licence: string;
  source: string;
  rows: number | null;
  cached: boolean;
}

/**
 * A workflow. The order of nodes and wires is kept: it settles ties, and what a port of many wires takes first.
 *
 * layout: where nodes, notes and frames stand: [x, y] or [x, y, width, height]. They share one set of ids. A node with a
 * size shows on the canvas what comes out of it.
 * kept: entries that a newer Peephole wrote and this one cannot read, by section.
 */
export interface Document {
  format: "peephole-workflow";
  version: number;
  title: string;
  description: string;
  nodes: { [key: string]: NodeBlock };
  wires: string[];
  notes: { [key: string]: Note };
  frames: { [key: string]: Frame };
  layout: { [key: string]: [number, number] | [number, number, number, number] };
  "$kept": { [key: string]: Json };
}

/**
 * A line about a file that is being written: how far it is, or under which name it can be fetched, or what is wrong.
 *
 * done: share of the rows, 0 to 1.  ready: the last part of its address.
 */
export interface DownloadTold {
  done: number | null;
  ready: string | null;
  problem: Problem | null;
}

/** For each of some columns, whose name is given to a setting. */
export interface EachColumnRepeat {
  best: string | null;
  lowest: boolean;
  over: "columns";
  columns: string[];
  setting: string;
}

/** The body of every answer with a status of 400 or more. */
export interface Failure {
  problem: Problem;
}

/** A family of nodes.  drawing: the `d` of a path to stroke on a 24 by 24 grid. */
export interface Family {
  name: string;
  title: string;
  drawing: string;
}

/** A drawing.  option: for ECharts; its data are at figure-data as Arrow.  selection: setting that takes a selection. */
export interface FigureFacts {
  title: string;
  option: { [key: string]: Json };
  rows: number;
}

/** A file.  size: in bytes.  changed: seconds since 1970. */
export interface FileEntry {
  name: string;
  path: string;
  size: number;
  changed: number;
}

/**
 * Something that is wrong.  node: its path (`component/inner`), "" for the whole workflow.  wire: as in the document.
 *
 * position: where in a formula it goes wrong, the index of a character.
 *
 * id: loop, no-node, no-port, no-setting, open-end, port-type, port-taken, wire-twice, input-missing, setting,
 * unset (needed, and not set yet), column, unknown-type, newer-node, newer-block, migration,
 * ahead (said by a node before it runs).
 */
export interface Finding {
  id: string;
  severity: "error" | "warning";
  node: string;
  what: string;
  remedy: string;
  setting: string | null;
  position: number | null;
  wire: string | null;
}

/** A folder. */
export interface FolderEntry {
  name: string;
  path: string;
}

/** What is in a folder.  parent: null where that may not be read.  cut: there is more than is listed. */
export interface FolderListing {
  folder: string;
  parent: string | null;
  folders: FolderEntry[];
  files: FileEntry[];
  cut: boolean;
}

/** A titled rectangle behind nodes that belong together. */
export interface Frame {
  title: string;
  colour: string;
}

/** For each combination of values in some columns of an input: the rows that have it. */
export interface GroupsRepeat {
  best: string | null;
  lowest: boolean;
  over: "groups";
  columns: string[];
  input: string;
}

/** counts[i]: of the values from edges[i] up to edges[i + 1].  Dates are given as milliseconds since 1970. */
export interface Histogram {
  edges: number[];
  counts: number[];
}

/** A feature and its weight in a model. */
export interface Importance {
  feature: string;
  value: number;
}

/** An input port.  type: name of its port type.  optional: may stay unconnected.  many: takes several wires. */
export interface InputPort {
  name: string;
  type: string;
  doc: string;
  optional: boolean;
  many: boolean;
}

/** Something to know about a node's result. */
export interface Message {
  level: "info" | "warning";
  text: string;
}

/**
 * What a model is, and where it can be read, what it has learnt.
 *
 * features: [name, type].  facts: a few more as text by name.  estimator: what it is in scikit-learn.
 */
export interface ModelFacts {
  title: string;
  task: string;
  target: string | null;
  features: [string, string][];
  classes: string[];
  estimator: string;
  facts: { [key: string]: string };
  importance: Importance[] | null;
  tree: Tree | null;
  coefficients: Coefficient[] | null;
}

/** A network as plain data (layers, wires, shapes, parameter counts) and what came of its training. */
export interface NetworkFacts {
  title: string;
  network: { [key: string]: Json };
  facts: { [key: string]: Json };
  history: { [key: string]: (number | null)[] };
}

/**
 * One node: its type and the settings that differ from what the type gives.
 *
 * version: of the node type when the settings were made.  note: a remark by the person.  pinned: its result is kept.
 * inside: the workflow within a component (type "component"); its ports and settings are wires to the empty node.
 * repeat: the component runs many times, and what comes out is put together.
 * kept: a block that a newer Peephole wrote and this one cannot read, as it was found; shown as a placeholder.
 */
export interface NodeBlock {
  type: string;
  version: number;
  title: string;
  note: string;
  pinned: boolean;
  settings: { [key: string]: Json };
  inside: Document | null;
  repeat: CountRepeat | ValuesRepeat | EachColumnRepeat | GroupsRepeat | ChunksRepeat | RoundsRepeat | null;
  "$kept": Json;
}

/**
 * How a node stands.
 *
 * reason: why it is so (waits for what, why it ran, what has changed).  cached: nothing ran, the result was there.
 * provisional: its result is good for now: the next run makes it again, or goes on with it.
 * summary: its settings in one line.  group: where the guilty node of a query stays open, all nodes of it.
 * curves: live metrics, thinned to 500 points each of `points` in all; per: what is counted from point to point.
 */
export interface NodeState {
  state: "incomplete" | "ready" | "waiting" | "running" | "done" | "stale" | "failed" | "cancelled" | "interrupted" | "placeholder";
  reason: string;
  seconds: number | null;
  cached: boolean;
  provisional: boolean;
  summary: string;
  problem: Problem | null;
  group: string[];
  messages: Message[];
  progress: Progress | null;
  curves: { [key: string]: (number | null)[] };
  points: number;
  per: string;
}

/**
 * A node of the library.
 *
 * drawing: its icon, the `d` of a path to stroke on a 24 by 24 grid.  schema: JSON Schema of the settings with
 * x-columnpicker, x-formulatext, x-filepath, x-dataset, x-multiline, x-rowsof.  runs: "engine" where it becomes part of a query.
 * effect: it changes something outside.  has_code: a setting of it is run as a program.
 * lasts: the setting that says for how long it works: a person may stop it and keep what there is.
 * missing: libraries it needs that are not installed.  also: names it has in other programs, for searching.
 */
export interface NodeType {
  type: string;
  title: string;
  family: string;
  icon: string;
  drawing: string;
  version: number;
  summary: string;
  doc: string;
  inputs: InputPort[];
  outputs: OutputPort[];
  schema: { [key: string]: Json };
  defaults: { [key: string]: Json };
  setting_docs: { [key: string]: string };
  runs: "engine" | "outside";
  data_dependent: boolean;
  effect: boolean;
  has_code: boolean;
  lasts: string;
  missing: string[];
  also: string[];
}

/** A text on the canvas (Markdown). */
export interface Note {
  text: string;
  colour: string;
}

/** The document's id: its page is /d/{id}.  title: what it is called. */
export interface Opened {
  id: string;
  title: string;
}

/** An output port. */
export interface OutputPort {
  name: string;
  type: string;
  doc: string;
}

/**
 * What is known of an output port.
 *
 * type: name of its port type.  schema: [name, type] of each column a person sees, null where not known yet.
 * rows: where known.  stored: the value lies in the store.  facts: a few more (task of a model, value of a variable ...).
 */
export interface PortFacts {
  type: string;
  schema: [string, string][] | null;
  rows: number | null;
  stored: boolean;
  facts: { [key: string]: Json };
}

/** A port type and how it looks.  on_light, on_dark: its colour for thin lines on either ground. */
export interface PortKind {
  name: string;
  colour: string;
  on_light: string;
  on_dark: string;
  shape: string;
  doc: string;
}

/**
 * An error as the person reads it: what, the remedy, the setting to mend; the technical trace apart.
 *
 * position: where in a formula it goes wrong, the index of a character.
 */
export interface Problem {
  id: string;
  what: string;
  remedy: string;
  setting: string | null;
  position: number | null;
  trace: string;
}

/** How far a running node is.  unit: of done and total, in the plural.  rate: a second.  remaining: seconds. */
export interface Progress {
  title: string;
  done: number;
  total: number | null;
  unit: string;
  rate: number | null;
  remaining: number | null;
}

/** A workflow that was open before.  path: null while it has no file.  used: when last, in seconds since 1970. */
export interface RecentFile {
  path: string | null;
  id: string;
  title: string;
  used: number;
}

/** A part of a page: a drawing with its data, column by column. */
export interface ReportFigure {
  kind: "figure";
  title: string;
  option: { [key: string]: Json };
  data: { [key: string]: Json[] };
}

/** A page. */
export interface ReportPage {
  title: string;
  parts: (ReportText | ReportFigure | ReportTable)[];
}

/** A part of a page: a small table.  rows: of the whole. */
export interface ReportTable {
  kind: "table";
  columns: [string, string][];
  cells: Json[][];
  rows: number;
}

/** A part of a page: Markdown. */
export interface ReportText {
  kind: "text";
  text: string;
}

/**
 * One run after the other: what comes out of one goes into the next. What the last one gives comes out.
 *
 * input, output: the ports by which it goes round.  until: an output that is a variable; a round in which it is true is
 * the last one.  times: at most so many; `name` is 1, 2, 3 ...
 */
export interface RoundsRepeat {
  over: "rounds";
  times: number;
  until: string | null;
  input: string;
  output: string;
  name: string;
}

/** state: of the run.  targets: what was asked for, null for everything.  started_at: seconds since 1970. */
export interface RunState {
  state: "idle" | "running" | "cancelling";
  targets: string[] | null;
  started_at: number | null;
}

/** Where the document is saved now. */
export interface Saved {
  path: string;
}

/**
 * A document as it is now.
 *
 * revision: counts edits.  seq: number of the last message of the websocket that is contained in this.
 * path: its file, null while it has no name.  saved: all edits are in its file.  needs_trust: it came from elsewhere and
 * holds nodes that run code, write files or read outside the folders; it runs after `trust`.
 * ports: by "node.port".  nodes: by path.
 */
export interface Snapshot {
  id: string;
  revision: number;
  seq: number;
  document: Document;
  path: string | null;
  title: string;
  saved: boolean;
  trusted: boolean;
  needs_trust: boolean;
  can_undo: boolean;
  can_redo: boolean;
  findings: Finding[];
  ports: { [key: string]: PortFacts };
  nodes: { [key: string]: NodeState };
  run: RunState;
}

/** folders: the folders that files may be read from and written to. */
export interface Start {
  version: string;
  templates: TemplateCard[];
  recent: RecentFile[];
  folders: string[];
}

/** rows: of the table.  sampled: of how many rows the figures are made, null where of all. */
export interface Statistics {
  rows: number;
  sampled: number | null;
  columns: ColumnStatistics[];
}

/** A ready workflow.  description: its first line. */
export interface TemplateCard {
  name: string;
  title: string;
  description: string;
}

/** A value and how often it occurs.  value: null for missing. */
export interface TopValue {
  value: Json;
  count: number;
}

/** A decision tree.  depth: of the whole; what lies deeper than `shown` levels is left out.  leaves: of the whole. */
export interface Tree {
  root: TreeNode;
  depth: number;
  shown: number;
  leaves: number;
}

/**
 * A node of a decision tree.
 *
 * question: as a person reads it (`hour ≤ 12.5`, `carrier is AA or UA`), "" at a leaf.  feature, threshold: the same as
 * scikit-learn has it.  left: where it is true; null at a leaf, and where the levels below are left out.
 * rows: that came here.  value: the prediction.  shares: of each class, in the order of `classes`.  impurity: of the rows.
 */
export interface TreeNode {
  question: string;
  feature: string | null;
  threshold: number | null;
  rows: number;
  impurity: number;
  value: Json;
  shares: number[] | null;
  left: TreeNode | null;
  right: TreeNode | null;
}

/** Where the uploaded file lies, as a setting names it. */
export interface Uploaded {
  path: string;
}

/** For each combination of the settings' values (a grid); the last setting changes quickest. */
export interface ValuesRepeat {
  best: string | null;
  lowest: boolean;
  over: "values";
  values: { [key: string]: Json[] };
}

/** What is known now.  findings: all, or null where they are as before.  ports, nodes: those that changed; null: gone. */
export interface CheckedMessage {
  seq: number;
  is: "checked";
  revision: number;
  findings: Finding[] | null;
  ports: { [key: string]: PortFacts | null };
  nodes: { [key: string]: NodeState | null };
}

/** An edit was applied; undo and redo come as the edit that did it. */
export interface EditedMessage {
  seq: number;
  is: "edited";
  revision: number;
  op: Op;
  client: string;
  can_undo: boolean;
  can_redo: boolean;
  needs_trust: boolean;
}

/** Something happened in the run. */
export interface HappenedMessage {
  seq: number;
  is: "event";
  event: Event;
}

/** The first message on a connection.  seq: of the newest message; those since `after` follow. */
export interface HelloMessage {
  seq: number;
  is: "hello";
  client_id: string;
  revision: number;
}

/** The person asked to stop while it ran or waited. */
export interface NodeCancelled {
  at: number;
  event: "cancelled";
  node: string;
}

/** What its curves had before it was gone on with, thinned: `points` in all, of which every `stride`th stays. */
export interface NodeCurves {
  at: number;
  event: "curves";
  node: string;
  curves: { [key: string]: (number | null)[] };
  points: number;
  per: string;
}

/** problem: what went wrong and the remedy.  group: where the guilty node of a query stays open, all of its nodes. */
export interface NodeFailed {
  at: number;
  event: "failed";
  node: string;
  problem: Problem;
  group: string[];
}

/** cached: nothing ran, the result was there (reason says why).  seconds: of work.  outputs: what was stored. */
export interface NodeFinished {
  at: number;
  event: "finished";
  node: string;
  cached: boolean;
  reason: string;
  seconds: number;
  outputs: PortSummary[];
  messages: string[];
}

/** The worker died while this node ran. */
export interface NodeInterrupted {
  at: number;
  event: "interrupted";
  node: string;
  reason: string;
}

/** Something to know about the node's result. */
export interface NodeMessage {
  at: number;
  event: "message";
  node: string;
  level: "info" | "warning";
  text: string;
}

/** A point of each named curve; null where the value is infinite or not a number.  per: what the points count. */
export interface NodeMetric {
  at: number;
  event: "metric";
  node: string;
  values: { [key: string]: number | null };
  per: string;
}

/**
 * done of total (total unknown: null), rate a second, seconds remaining where they can be told.
 *
 * unit: what is counted, in the plural, where it has a name.
 */
export interface NodeProgress {
  at: number;
  event: "progress";
  node: string;
  title: string;
  done: number;
  total: number | null;
  unit: string;
  rate: number | null;
  remaining: number | null;
}

/** reason: why it runs. */
export interface NodeQueued {
  at: number;
  event: "queued";
  node: string;
  reason: string;
}

/** Did not run because something before it failed or is incomplete. */
export interface NodeSkipped {
  at: number;
  event: "skipped";
  node: string;
  reason: string;
}

/** with_nodes: the neighbours whose steps are one query together with this one. */
export interface NodeStarted {
  at: number;
  event: "started";
  node: string;
  with_nodes: string[];
}

/** What lies at an output port: its type and a few facts (rows, columns, task ...). */
export interface PortSummary {
  port: string;
  type: string;
  facts: { [key: string]: Json };
}

/** Something went wrong that belongs to no edit and no node: it cannot be saved, it may not run. */
export interface ProblemToldMessage {
  seq: number;
  is: "problem";
  problem: Problem;
}

/** An edit, undo, redo or other message could not be carried out; only the page that sent it is told. */
export interface RefusedMessage {
  seq: number;
  is: "refused";
  client: string;
  problem: Problem;
  revision: number;
}

/** An edit that came again had been applied the first time; only the page that sent it again is told. */
export interface RepeatedMessage {
  seq: number;
  is: "repeated";
  client: string;
}

/** What the page missed is no longer known: it has to fetch the snapshot. */
export interface ResetMessage {
  seq: number;
  is: "reset";
}

/** The run began, is being stopped, or is over. */
export interface RunChangedMessage {
  seq: number;
  is: "run";
  state: "idle" | "running" | "cancelling";
  targets: string[] | null;
  started_at: number | null;
}

/** How the run ended. */
export interface RunFinished {
  at: number;
  event: "run-finished";
  status: "done" | "failed" | "cancelled" | "interrupted";
  seconds: number;
  ran: number;
  cached: number;
}

/** nodes: every node of the run, in order.  to_run: those that are not done yet. */
export interface RunStarted {
  at: number;
  event: "run-started";
  nodes: string[];
  to_run: string[];
}

/** saved: all edits are in the file.  at: seconds since 1970. */
export interface SavedNowMessage {
  seq: number;
  is: "saved";
  path: string | null;
  title: string;
  saved: boolean;
  at: number;
}

/** The document may run now. */
export interface TrustedMessage {
  seq: number;
  is: "trusted";
}

/** Open a copy of a template, or a file, or (neither) something empty. */
export interface NewDocument {
  template?: string | null;
  path?: string | null;
}

/** Give a node a title; an empty one shows the title of its type. */
export interface RenameOp {
  within?: string;
  op: "rename";
  node: string;
  title: string;
}

/** path: where to; a relative one starts at the first of the folders.  replace: whatever is there already. */
export interface SaveAs {
  path: string;
  replace?: boolean;
}

/** Add a node.  at: its place on the canvas.  index: where among the nodes; at the end if not given. */
export interface AddOp {
  within?: string;
  op: "add";
  id: string;
  node: NodeBlockInput;
  at?: [number, number] | [number, number, number, number] | null;
  index?: number | null;
}

/** Put a frame behind nodes. */
export interface AddFrameOp {
  within?: string;
  op: "add-frame";
  id: string;
  frame: FrameInput;
  at?: [number, number] | [number, number, number, number] | null;
}

/** Put a note on the canvas. */
export interface AddNoteOp {
  within?: string;
  op: "add-note";
  id: string;
  note: NoteInput;
  at?: [number, number] | [number, number, number, number] | null;
}

/** Write a remark to a node. */
export interface AnnotateOp {
  within?: string;
  op: "annotate";
  node: string;
  note: string;
}

/** Several edits as one: all of them or none. Each says itself where it happens. */
export interface BatchOp {
  within?: string;
  op: "batch";
  ops: (AddOp | InsertOp | RemoveOp | ReplaceOp | ConnectOp | DisconnectOp | SetOp | UnsetOp | MoveOp | RenameOp | ChangeIdOp | AnnotateOp | PinOp | SetRepeatOp | AddNoteOp | EditNoteOp | AddFrameOp | EditFrameOp | EntitleOp | CollapseOp | ExpandOp)[];
}

/** Stop the run. */
export interface CancelMessage {
  do: "cancel";
}

/** Give a node another id; its wires follow. */
export interface ChangeIdOp {
  within?: string;
  op: "change-id";
  node: string;
  to: string;
}

/** For so many rows of an input after the other, in the order of reading. */
export interface ChunksRepeatInput {
  best?: string | null;
  lowest?: boolean;
  over: "chunks";
  rows: number;
  input?: string;
}

/** Make nodes (and notes and frames) one component; the wires across its edge become its ports and settings. */
export interface CollapseOp {
  within?: string;
  op: "collapse";
  ids: string[];
  id: string;
  title?: string;
}

/** Draw a wire.  many: the port takes any number of wires (its declaration says so).  index: where among the wires. */
export interface ConnectOp {
  within?: string;
  op: "connect";
  wire: string;
  many?: boolean;
  index?: number | null;
}

/** So many times; `name` is 1, 2, 3 ... */
export interface CountRepeatInput {
  best?: string | null;
  lowest?: boolean;
  over: "count";
  times: number;
  name?: string;
}

/** Take a wire away.  index: where it stands, needed only where a damaged document has it twice. */
export interface DisconnectOp {
  within?: string;
  op: "disconnect";
  wire: string;
  index?: number | null;
}

/**
 * A workflow. The order of nodes and wires is kept: it settles ties, and what a port of many wires takes first.
 *
 * layout: where nodes, notes and frames stand: [x, y] or [x, y, width, height]. They share one set of ids. A node with a
 * size shows on the canvas what comes out of it.
 * kept: entries that a newer Peephole wrote and this one cannot read, by section.
 */
export interface DocumentInput {
  format?: "peephole-workflow";
  version?: number;
  title?: string;
  description?: string;
  nodes?: { [key: string]: NodeBlockInput };
  wires?: string[];
  notes?: { [key: string]: NoteInput };
  frames?: { [key: string]: FrameInput };
  layout?: { [key: string]: [number, number] | [number, number, number, number] };
  "$kept"?: { [key: string]: Json };
}

/** For each of some columns, whose name is given to a setting. */
export interface EachColumnRepeatInput {
  best?: string | null;
  lowest?: boolean;
  over: "columns";
  columns: string[];
  setting?: string;
}

/**
 * Apply an edit.  client: made up by the page for this edit, and found again in the answer.
 *
 * base: the revision the page knew.  group: edits in a row with the same group are undone together (typing).
 */
export interface EditMessage {
  do: "edit";
  op: Op;
  client: string;
  base: number;
  group?: string;
}

/** Change a frame. */
export interface EditFrameOp {
  within?: string;
  op: "edit-frame";
  id: string;
  frame: FrameInput;
}

/** Change a note. */
export interface EditNoteOp {
  within?: string;
  op: "edit-note";
  id: string;
  note: NoteInput;
}

/** Stop and keep: what works at a node ends at its next good point, gives what there is, and the run goes on. */
export interface EnoughMessage {
  do: "enough";
  node: string;
}

/** Change the title or the description of the workflow; what is null stays. */
export interface EntitleOp {
  within?: string;
  op: "entitle";
  title?: string | null;
  description?: string | null;
}

/** Put what is inside a component in its place. */
export interface ExpandOp {
  within?: string;
  op: "expand";
  id: string;
}

/** A titled rectangle behind nodes that belong together. */
export interface FrameInput {
  title?: string;
  colour?: string;
}

/** For each combination of values in some columns of an input: the rows that have it. */
export interface GroupsRepeatInput {
  best?: string | null;
  lowest?: boolean;
  over: "groups";
  columns: string[];
  input?: string;
}

/**
 * Add many things at once, as when pasting.
 *
 * node_at, wire_at, note_at, frame_at: at which places they stand afterwards, ascending; at the end if not given.
 */
export interface InsertOp {
  within?: string;
  op: "insert";
  nodes?: { [key: string]: NodeBlockInput };
  wires?: string[];
  notes?: { [key: string]: NoteInput };
  frames?: { [key: string]: FrameInput };
  layout?: { [key: string]: [number, number] | [number, number, number, number] };
  node_at?: number[] | null;
  wire_at?: number[] | null;
  note_at?: number[] | null;
  frame_at?: number[] | null;
}

/** What this page looks at: it is kept fresh while the document changes. */
export interface LookMessage {
  do: "look";
  at?: PortName | null;
}

/** Place nodes, notes and frames; null takes a place away. */
export interface MoveOp {
  within?: string;
  op: "move";
  layout: { [key: string]: [number, number] | [number, number, number, number] | null };
}

/**
 * One node: its type and the settings that differ from what the type gives.
 *
 * version: of the node type when the settings were made.  note: a remark by the person.  pinned: its result is kept.
 * inside: the workflow within a component (type "component"); its ports and settings are wires to the empty node.
 * repeat: the component runs many times, and what comes out is put together.
 * kept: a block that a newer Peephole wrote and this one cannot read, as it was found; shown as a placeholder.
 */
export interface NodeBlockInput {
  type: string;
  version?: number;
  title?: string;
  note?: string;
  pinned?: boolean;
  settings?: { [key: string]: Json };
  inside?: DocumentInput | null;
  repeat?: CountRepeatInput | ValuesRepeatInput | EachColumnRepeatInput | GroupsRepeatInput | ChunksRepeatInput | RoundsRepeatInput | null;
  "$kept"?: Json;
}

/** A text on the canvas (Markdown). */
export interface NoteInput {
  text?: string;
  colour?: string;
}

/** Keep a node's result in the store, or no longer. */
export interface PinOp {
  within?: string;
  op: "pin";
  node: string;
  pinned: boolean;
}

/** An output port.  node: its path (`component/inner`). */
export interface PortName {
  node: string;
  port: string;
}

/** Do again what was taken back last. */
export interface RedoMessage {
  do: "redo";
  client: string;
}

/** Remove nodes with their wires, notes and frames. */
export interface RemoveOp {
  within?: string;
  op: "remove";
  ids: string[];
}

/** Save under another name from now on; the old file goes. */
export interface RenameFileMessage {
  do: "rename-file";
  path: string;
}

/** Put another block in the place of a node; its wires stay. */
export interface ReplaceOp {
  within?: string;
  op: "replace";
  id: string;
  node: NodeBlockInput;
}

/**
 * One run after the other: what comes out of one goes into the next. What the last one gives comes out.
 *
 * input, output: the ports by which it goes round.  until: an output that is a variable; a round in which it is true is
 * the last one.  times: at most so many; `name` is 1, 2, 3 ...
 */
export interface RoundsRepeatInput {
  over: "rounds";
  times: number;
  until?: string | null;
  input?: string;
  output?: string;
  name?: string;
}

/** Run what is stale.  targets: only what these need.  again: make the targets anew even where their results are there. */
export interface RunMessage {
  do: "run";
  targets?: string[] | null;
  again?: boolean;
}

/** Points chosen in a chart: becomes the chart node's setting `selection`; null takes it away. */
export interface SelectionMessage {
  do: "selection";
  node: string;
  value: Json;
  client: string;
}

/** Give a setting a value.  index: where among the settings, for one that had no value; at the end if not given. */
export interface SetOp {
  within?: string;
  op: "set";
  node: string;
  setting: string;
  value: Json;
  index?: number | null;
}

/** Run a component many times (null: once). */
export interface SetRepeatOp {
  within?: string;
  op: "repeat";
  node: string;
  repeat: CountRepeatInput | ValuesRepeatInput | EachColumnRepeatInput | GroupsRepeatInput | ChunksRepeatInput | RoundsRepeatInput | null;
}

/** The person has looked at the document and lets it run. */
export interface TrustMessage {
  do: "trust";
}

/** Take back the last step. */
export interface UndoMessage {
  do: "undo";
  client: string;
}

/** Take a setting's value away, so that its default holds. */
export interface UnsetOp {
  within?: string;
  op: "unset";
  node: string;
  setting: string;
}

/** For each combination of the settings' values (a grid); the last setting changes quickest. */
export interface ValuesRepeatInput {
  best?: string | null;
  lowest?: boolean;
  over: "values";
  values: { [key: string]: Json[] };
}

export type Op =
  | AddFrameOp
  | AddNoteOp
  | AddOp
  | AnnotateOp
  | BatchOp
  | ChangeIdOp
  | CollapseOp
  | ConnectOp
  | DisconnectOp
  | EditFrameOp
  | EditNoteOp
  | EntitleOp
  | ExpandOp
  | InsertOp
  | MoveOp
  | PinOp
  | RemoveOp
  | RenameOp
  | ReplaceOp
  | SetOp
  | SetRepeatOp
  | UnsetOp;

export type Event =
  | NodeCancelled
  | NodeCurves
  | NodeFailed
  | NodeFinished
  | NodeInterrupted
  | NodeMessage
  | NodeMetric
  | NodeProgress
  | NodeQueued
  | NodeSkipped
  | NodeStarted
  | RunFinished
  | RunStarted;

export type ServerMessage =
  | HelloMessage
  | ResetMessage
  | EditedMessage
  | RefusedMessage
  | RepeatedMessage
  | CheckedMessage
  | HappenedMessage
  | RunChangedMessage
  | SavedNowMessage
  | TrustedMessage
  | ProblemToldMessage;

export type ClientMessage =
  | EditMessage
  | UndoMessage
  | RedoMessage
  | RunMessage
  | CancelMessage
  | EnoughMessage
  | TrustMessage
  | RenameFileMessage
  | LookMessage
  | SelectionMessage;
