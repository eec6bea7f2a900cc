import { routeLabel } from "../source/followed";
import type { UnitLook } from "../source/look";
import type { Factor, Ref, Route, Term } from "../source/shapes";
import { formulaNumber } from "./numbers";

/** One summand of an equation, with numbers put in. `wires`: keys of the edges that it runs along. */
export interface Piece {
  id: string;
  symbols: string;
  numbers: string;
  value: number;
  wires: string[];
  label: string;
}

export interface Written {
  left: string;
  value: number;
  pieces: Piece[];
}

const FUNCTIONS: Record<string, string> = {
  value: "{0}",
  tanh: "\\tanh({0})",
  logistic: "\\sigma({0})",
  relu: "\\max(0, {0})",
  one_minus: "(1 - {0})",
  minus_one: "-1",
  difference: "({0} - {1})",
  tanh_slope: "(1 - {0}^2)",
  logistic_slope: "{0}(1 - {0})",
  relu_slope: "[{0} > 0]",
  tanh_derivative: "(1 - \\tanh^2({0}))",
};

export function wireKey(source: Ref, target: string, parameter: string | null): string {
  return `${source.variable}${source.offset || ""}>${target}:${parameter ?? ""}`;
}

function symbolAt(look: UnitLook, ref: Ref): string {
  const symbol = look.spec.variables.find((v) => v.id === ref.variable)?.symbol ?? ref.variable;
  const when = ref.offset > 0 ? `+${ref.offset}` : ref.offset < 0 ? String(ref.offset) : "";
  return `${symbol}(t${when})`;
}

/** The equation of a variable's value at step t, for one unit. */
export function valueEquation(look: UnitLook, variable: string, t: number): Written {
  const described = look.spec.variables.find((v) => v.id === variable);
  const pieces = (described?.terms ?? [])
    .map((term, index) => valuePiece(look, variable, term, index, t))
    .filter((piece) => !Number.isNaN(piece.value) || !look.ready(t));
  return { left: symbolAt(look, { variable, offset: 0 }), value: look.value(variable, t), pieces };
}

/** The equation of a variable's error at step t, for one unit: a piece for each route. */
export function errorEquation(look: UnitLook, variable: string, t: number): Written {
  const left = `\\delta ${symbolAt(look, { variable, offset: 0 })}`;
  const pieces = look
    .routes(variable)
    .map((route) => errorPiece(look, route, t))
    .filter((piece) => piece.id !== "final_state" || piece.value !== 0);
  return { left, value: look.error(variable, t), pieces };
}

function valuePiece(look: UnitLook, variable: string, term: Term, index: number, t: number): Piece {
  const refs = term.factors.flatMap((factor) => factor.of);
  const value = look.term(variable, index, t);
  const parameter = look.spec.parameters.find((p) => p.id === term.parameter);
  const shown = parameter && parameter.shape.length === 1 ? [formulaNumber(look.weight(parameter.id))] : [];
  for (const factor of term.factors) shown.push(factorNumbers(look, factor, t));
  return {
    id: term.parameter ?? refs.map((ref) => ref.variable).join("*"),
    symbols: term.latex,
    numbers: isMatrix(look, term.parameter) ? formulaNumber(value) : product(shown),
    value,
    wires: refs.map((ref) => wireKey(ref, variable, term.parameter)),
    label: plainTerm(look, term),
  };
}

function errorPiece(look: UnitLook, route: Route, t: number): Piece {
  const value = look.route(route.variable, route.id, t);
  const piece = { id: route.id, symbols: route.latex, value, label: routeLabel(look.head, route) };
  if (!route.source) return { ...piece, numbers: formulaNumber(value), wires: [] };
  const wires = [
    wireKey({ variable: route.variable, offset: -route.source.offset }, route.source.variable, route.parameter),
  ];
  if (!look.inside(t + look.sense * route.source.offset)) return { ...piece, numbers: "0", wires };
  if (isMatrix(look, route.parameter)) return { ...piece, numbers: formulaNumber(value), wires };
  const shown = route.parameter ? [formulaNumber(look.weight(route.parameter))] : [];
  shown.push(formulaNumber(look.errorAt(route.source, t)));
  for (const factor of route.factors) shown.push(factorNumbers(look, factor, t));
  return { ...piece, numbers: product(shown), wires };
}

function isMatrix(look: UnitLook, parameter: string | null): boolean {
  return (look.spec.parameters.find((p) => p.id === parameter)?.shape.length ?? 0) === 2;
}

function factorNumbers(look: UnitLook, factor: Factor, t: number): string {
  const inside = factor.of.map((ref) => formulaNumber(look.at(ref, t)));
  if (factor.function === "value") return inside[0] ?? "";
  const written = inside.map((text) => (text.startsWith("-") || text.includes("cdot") ? `(${text})` : text));
  const pattern = FUNCTIONS[factor.function] ?? "{0}";
  return pattern.replace(/\{(\d)\}/g, (_, k) => written[Number(k)] ?? "").replace(/\(\(([^()]*)\)\)/g, "($1)");
}

function product(shown: string[]): string {
  return shown.map((text, k) => (k > 0 && text.startsWith("-") ? `(${text})` : text)).join(" \\cdot ");
}

/** A term in words, for those who hear it. */
function plainTerm(look: UnitLook, term: Term): string {
  const name = (ref: Ref) => {
    const label = look.spec.variables.find((v) => v.id === ref.variable)?.label ?? ref.variable;
    return ref.offset ? `${label} of the step before` : label;
  };
  const factors = term.factors.map((factor) => factor.of.map(name).join(" and "));
  return [term.parameter, ...factors].filter(Boolean).join(" times ");
}
