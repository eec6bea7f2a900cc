/** What the server sends of a trace: the same shapes as peephole/neural/view makes them. */

export interface Packed {
  dtype: "f4" | "f8";
  shape: number[];
  data: string;
}

export interface Ref {
  variable: string;
  offset: number;
}

export interface Factor {
  function: string;
  of: Ref[];
}

export interface Term {
  factors: Factor[];
  parameter: string | null;
  latex: string;
}

export interface Variable {
  id: string;
  symbol: string;
  label: string;
  role: "input" | "bar" | "block input" | "gate" | "cell" | "output" | "part";
  size: "I" | "H";
  terms: Term[];
  equation: string | null;
  error_equation: string;
  /** What it is for, in a few words. */
  meaning: string;
}

interface Parameter {
  id: string;
  symbol: string;
  shape: string[];
  into: string;
  reads: Ref | null;
}

export interface Route {
  variable: string;
  id: string;
  label: string;
  source: Ref | null;
  parameter: string | null;
  factors: Factor[];
  external: "loss" | "above" | "final state" | null;
  latex: string;
}

export interface CellSpec {
  kind: string;
  variant: string;
  variables: Variable[];
  parameters: Parameter[];
  routes: Route[];
  output: string;
  states: string[];
}

export type ShownRow =
  | { kind: "words"; title: string; labels: string[] }
  | { kind: "series"; title: string; names: string[]; values: Packed };

/** One box of the first level. `layer`: which recurrent layer of the trace it is, null where it cannot be unfolded. */
export interface Box {
  id: string;
  title: string;
  kind: string;
  facts: string[];
  shape: string;
  parameters: number;
  inputs: string[];
  layer: number | null;
  /** Whether it can be unfolded, perhaps after opening it anew. */
  opens: boolean;
}

/** `chosen`: "task" (the loss), "output" (the largest) or the name of one of the outputs. */
interface Followed {
  chosen: string;
  name: string;
  /** Whether the example has its answer: without it there is no loss. */
  answered: boolean;
  outputs: string[];
}

export interface Head {
  title: string;
  example: string;
  below: ShownRow[];
  above: ShownRow[];
  wanted: ShownRow[];
  spec: CellSpec;
  steps: number;
  lengths: number[];
  layers: { inputs: number; hidden: number; parameters: Record<string, number[]> }[];
  directions: Direction[];
  loss: number | null;
  step_losses: Packed | null;
  boxes: Box[];
  /** Of the training: by measure one number an epoch. */
  history: Record<string, (number | null)[]>;
  /** The norm at which gradients were clipped in training; 0: never. */
  clip: number;
  /** What J is; null for a trace whose loss says nothing of itself. */
  followed: Followed | null;
  /** What each number is called that comes into the opened layer, where that is known. */
  entries: string[];
  cut: { unit: number; strips: number; columns: number };
  /** What an embedded page holds; a server answers anything. */
  offered?: { units: number[]; entries: number[]; losses: number[] };
}

export type Direction = "forward" | "reverse";

export interface Place {
  layer: number;
  direction: Direction;
  batch: number;
  loss_at: number | null;
}

type Packs = Record<string, Packed>;

export interface Answers {
  overview: { values: Packs; errors: Packs; units: number[]; active: number[] };
  unit: {
    start: number;
    stop: number;
    values: Packs;
    errors: Packs;
    terms: Record<string, (Packed | null)[]>;
    routes: Record<string, Packs>;
    weights: Record<string, number>;
    initial: Record<string, { value: number; error: number }>;
  };
  entry: { start: number; stop: number; value: Packed; error: Packed; routes: Packs };
  strips: {
    start: number;
    stop: number;
    values: Packs;
    errors: Packs;
    along: Record<string, Packs>;
    initial: Packs;
  };
  field: { variable: string; edges: number[]; values: Packed; largest: number };
  flow: { variable: string; steps: number[]; norms: Packed; bound: Packed | null };
  jacobians: { variable: string; steps: number[]; whole: Packed; highway: Packed | null };
  gradients: { shares: Packs; norms: Record<string, number> };
  layers: { boxes: Record<string, BoxNumbers> };
  box: BoxPicture;
}

export interface Histogram {
  edges: [number, number];
  counts: number[];
  mean: number;
  spread: number;
}

export interface BoxNumbers {
  activations: Histogram | null;
  gradients: Histogram | null;
}

/** Pictures of one box: each a stack of images (count, rows, columns). */
export interface BoxPicture {
  pictures: { title: string; of: "value" | "error" | "weight" | "ink"; values: Packed; names: string[] }[];
}

export type SliceName = keyof Answers;

export interface Question {
  slice: SliceName;
  layer?: number;
  direction?: Direction;
  batch?: number;
  loss_at?: number | null;
  unit?: number;
  entry?: number;
  variable?: string;
  errors?: boolean;
  start?: number;
  stop?: number;
  box?: string;
}
