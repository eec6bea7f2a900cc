import { at, type Numbers, row } from "./arrays";
import type { CellSpec, Head, Place, Ref, Route, Variable } from "./shapes";
import type { Slices } from "./slices";

/** One unit of one cell, number by number. NaN: not there (yet). */
export class UnitLook {
  constructor(
    readonly slices: Slices,
    readonly head: Head,
    readonly place: Place,
    readonly unit: number,
    readonly entry: number,
  ) {}

  /** Steps of the sequence. */
  get steps(): number {
    return this.head.lengths[this.place.batch] ?? this.head.steps;
  }

  /** +1 where the cell's own time runs with the input's, -1 where it runs against it. */
  get sense(): 1 | -1 {
    return this.place.direction === "reverse" ? -1 : 1;
  }

  get spec(): CellSpec {
    return this.head.spec;
  }

  inside(t: number): boolean {
    return t >= 0 && t < this.steps;
  }

  value(variable: string, t: number): number {
    if (this.isInput(variable)) return this.ofEntry(t, (slice, k) => at(slice.value, k));
    if (!this.inside(t)) return this.beforeFirst(t) ? this.initial(variable).value : Number.NaN;
    return this.ofUnit(t, (slice, k) => at(slice.values[variable], k));
  }

  /** δ; zero past the last step, where no error comes from. */
  error(variable: string, t: number): number {
    if (this.isInput(variable)) return this.ofEntry(t, (slice, k) => at(slice.error, k));
    if (!this.inside(t)) return this.beforeFirst(t) ? this.initial(variable).error : 0;
    return this.ofUnit(t, (slice, k) => at(slice.errors[variable], k));
  }

  /** What one term of a variable's equation amounts to. */
  term(variable: string, index: number, t: number): number {
    return this.ofUnit(t, (slice, k) => at(slice.terms[variable]?.[index], k));
  }

  route(variable: string, route: string, t: number): number {
    if (this.isInput(variable)) return this.ofEntry(t, (slice, k) => at(slice.routes[route], k));
    return this.ofUnit(t, (slice, k) => at(slice.routes[variable]?.[route], k));
  }

  /** The routes of a variable that this layer has. */
  routes(variable: string): Route[] {
    const top = this.place.layer === this.head.layers.length - 1;
    return this.spec.routes.filter((r) => r.variable === variable && r.external !== (top ? "above" : "loss"));
  }

  weight(parameter: string): number {
    return this.ofUnit(0, (slice) => slice.weights[parameter] ?? Number.NaN);
  }

  /** A variable at the step that a reference means, seen from step t. */
  at(ref: Ref, t: number): number {
    return this.value(ref.variable, t + this.sense * ref.offset);
  }

  errorAt(ref: Ref, t: number): number {
    return this.error(ref.variable, t + this.sense * ref.offset);
  }

  /** Whether everything of this step and its neighbours is there. */
  ready(t: number): boolean {
    return Number.isFinite(this.value(this.spec.output, t));
  }

  private initial(variable: string): { value: number; error: number } {
    const nothing = { value: Number.NaN, error: Number.NaN };
    return this.ofUnit(this.sense === 1 ? 0 : this.steps - 1, (slice) => slice.initial[variable] ?? nothing) ?? nothing;
  }

  private beforeFirst(t: number): boolean {
    return this.sense === 1 ? t < 0 : t >= this.steps;
  }

  private isInput(variable: string): boolean {
    return variableOf(this.spec, variable)?.role === "input";
  }

  private chunk(t: number): { start: number; stop: number } {
    const size = this.head.cut.unit;
    const start = Math.floor(Math.max(0, Math.min(t, this.steps - 1)) / size) * size;
    return { start, stop: Math.min(this.steps, start + size) };
  }

  private ofUnit<T>(t: number, read: (slice: import("./shapes").Answers["unit"], k: number) => T): T {
    const slice = this.slices.get({ slice: "unit", ...this.place, unit: this.unit, ...this.chunk(t) });
    return slice ? read(slice, t - slice.start) : (Number.NaN as T);
  }

  private ofEntry(t: number, read: (slice: import("./shapes").Answers["entry"], k: number) => number): number {
    if (!this.inside(t)) return Number.NaN;
    const slice = this.slices.get({ slice: "entry", ...this.place, entry: this.entry, ...this.chunk(t) });
    return slice ? read(slice, t - slice.start) : Number.NaN;
  }
}

/** All units of one cell, as strips and norms. */
export class StripLook {
  constructor(
    readonly slices: Slices,
    readonly head: Head,
    readonly place: Place,
  ) {}

  get steps(): number {
    return this.head.lengths[this.place.batch] ?? this.head.steps;
  }

  /** The cells of a variable's strip, or of its δ's. */
  strip(variable: string, errors: boolean, t: number): Numbers | undefined {
    const sense = this.place.direction === "reverse" ? -1 : 1;
    if (t < 0 || t >= this.steps) {
      const first = sense === 1 ? t < 0 : t >= this.steps;
      const slice = this.of(first && sense === -1 ? this.steps - 1 : 0);
      const packed = first && !errors ? slice?.initial[variable] : undefined;
      return packed && row(packed, 0);
    }
    const slice = this.of(t);
    const packed = (errors ? slice?.errors : slice?.values)?.[variable];
    return slice && packed && row(packed, t - slice.start);
  }

  /** How much of ‖δ‖ comes along a route: these sum to ‖δ‖. */
  along(variable: string, route: string, t: number): number {
    const slice = this.of(t);
    return slice ? at(slice.along[variable]?.[route], t - slice.start) : Number.NaN;
  }

  /** ‖v(t)‖ or ‖δv(t)‖. */
  norm(variable: string, errors: boolean, t: number): number {
    const slice = this.slices.get({ slice: "overview", ...this.place });
    return slice ? at((errors ? slice.errors : slice.values)[variable], t) : Number.NaN;
  }

  private of(t: number) {
    const size = this.head.cut.strips;
    const start = Math.floor(Math.max(0, Math.min(t, this.steps - 1)) / size) * size;
    return this.slices.get({ slice: "strips", ...this.place, start, stop: Math.min(this.steps, start + size) });
  }
}

function variableOf(spec: CellSpec, id: string): Variable | undefined {
  return spec.variables.find((variable) => variable.id === id);
}
