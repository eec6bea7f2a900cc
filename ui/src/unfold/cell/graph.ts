import type { CellSpec, Factor, Ref, Term, Variable } from "../source/shapes";
import { wireKey } from "./equation";

/** What a node of the drawing does with what comes in. */
type Glyph = "port" | "sum" | "product" | "tanh" | "logistic" | "relu" | "one_minus" | "same" | "bias";

/**
 * A node of a cell's drawing.  id: the variable's for its own node, `c-1` for a variable of the step before, `c*z.i` for the
 * product of a term, `y~c` for a function on the way, `z_bar#b_z` for a bias.  variable, offset: whose value it shows.
 */
export interface CircuitNode {
  id: string;
  glyph: Glyph;
  variable: string | null;
  offset: number;
}

type Sort = "input" | "recurrent" | "peephole" | "highway" | "gates" | "bias" | "inner";

/**
 * An edge between two nodes.  wires: the cell's wires that run through it.  carries: what its number is: the term of the
 * target's equation, where the edge is the term's last.
 */
export interface CircuitEdge {
  id: string;
  from: string;
  to: string;
  sort: Sort;
  wires: string[];
  parameter: string | null;
  carries: { variable: string; term: number } | null;
}

export interface Circuit {
  nodes: CircuitNode[];
  edges: CircuitEdge[];
}

const FUNCTION_GLYPHS = new Set(["tanh", "logistic", "relu", "one_minus"]);

/** The drawing's nodes and edges, read off the cell's description. */
export function circuitOf(spec: CellSpec): Circuit {
  const nodes = new Map<string, CircuitNode>();
  const edges = new Map<string, CircuitEdge>();
  const add = (id: string, glyph: Glyph, variable: string | null, offset = 0) => {
    if (!nodes.has(id)) nodes.set(id, { id, glyph, variable, offset });
    return id;
  };
  const join = (from: string, to: string, edge: Omit<CircuitEdge, "id" | "from" | "to">) => {
    const id = `${from}>${to}`;
    const before = edges.get(id);
    if (before) before.wires.push(...edge.wires.filter((wire) => !before.wires.includes(wire)));
    else edges.set(id, { id, from, to, ...edge });
  };
  const source = (ref: Ref) =>
    add(
      ref.offset ? `${ref.variable}${ref.offset}` : ref.variable,
      ref.offset ? "port" : "same",
      ref.variable,
      ref.offset,
    );

  for (const variable of spec.variables) add(variable.id, glyphOf(variable), variable.id);
  for (const variable of spec.variables) {
    variable.terms.forEach((term, index) => {
      const carries = { variable: variable.id, term: index };
      if (term.factors.length === 0) {
        const bias = add(`${variable.id}#${term.parameter}`, "bias", null);
        join(bias, variable.id, { sort: "bias", wires: [], parameter: term.parameter, carries });
        return;
      }
      const target = productOf(variable, term, add);
      if (target !== variable.id) {
        const wires = wiresOf(term, variable.id);
        const carried = term.factors.some((f) => f.of.some((ref) => sortOf(spec, ref, term, variable) === "highway"));
        join(target, variable.id, { sort: carried ? "highway" : "inner", wires, parameter: null, carries });
      }
      for (const factor of term.factors) {
        const wires = factor.of.map((ref) => wireKey(ref, variable.id, term.parameter));
        const last = target === variable.id ? carries : null;
        const own = factor.function === "value" || functionOf(variable) === factor;
        const ref = factor.of[0];
        if (!ref) continue;
        const sort = sortOf(spec, ref, term, variable);
        if (own) {
          join(source(ref), target, { sort, wires, parameter: term.parameter, carries: last });
        } else {
          const between = add(`${variable.id}~${ref.variable}`, factor.function as Glyph, null);
          join(source(ref), between, { sort, wires, parameter: null, carries: null });
          join(between, target, { sort: "inner", wires, parameter: term.parameter, carries: last });
        }
      }
    });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Where a term's factors meet: the variable's own node, or a product of their own where it is a sum. */
function productOf(variable: Variable, term: Term, add: (id: string, glyph: Glyph, variable: null) => string): string {
  if (term.factors.length < 2 || glyphOf(variable) !== "sum") return variable.id;
  return add(
    `${variable.id}*${term.factors.flatMap((f) => f.of.map((ref) => ref.variable)).join(".")}`,
    "product",
    null,
  );
}

function wiresOf(term: Term, target: string): string[] {
  return term.factors.flatMap((factor) => factor.of.map((ref) => wireKey(ref, target, term.parameter)));
}

/** The function that the variable's own node applies, if it is all that its equation does. */
function functionOf(variable: Variable): Factor | null {
  const [term] = variable.terms;
  if (variable.terms.length !== 1 || term?.factors.length !== 1) return null;
  const [factor] = term.factors;
  return factor && FUNCTION_GLYPHS.has(factor.function) ? factor : null;
}

function glyphOf(variable: Variable): Glyph {
  if (variable.terms.length === 0) return "port";
  if (variable.terms.length > 1 || variable.role === "bar") return "sum";
  const own = functionOf(variable);
  if (own) return own.function as Glyph;
  return (variable.terms[0]?.factors.length ?? 0) > 1 ? "product" : "same";
}

function sortOf(spec: CellSpec, ref: Ref, term: Term, target: Variable): Sort {
  const role = spec.variables.find((v) => v.id === ref.variable)?.role;
  const parameter = spec.parameters.find((p) => p.id === term.parameter);
  if (parameter?.shape.length === 1) return "peephole";
  if (role === "input") return "input";
  const gates = ref.offset < 0 && ref.variable !== spec.output && role === "gate";
  if (gates) return "gates";
  const isState = target.role === "cell" || (target.id === ref.variable && !parameter);
  if (ref.offset < 0 && isState && !parameter) return "highway";
  return ref.offset < 0 ? "recurrent" : "inner";
}
