import { describe, expect, it } from "vitest";
import all from "../../../../tests/neural/view/cell_specs.json";
import type { CellSpec, Ref } from "../source/shapes";
import { wireKey } from "./equation";
import { circuitOf } from "./graph";
import { type Drawing, layoutOf } from "./layout";
import { corners, shapeOf } from "./paths";
import { arrowsOf } from "./routePaths";

type Described = CellSpec & { wires: { source: Ref; target: string; parameter: string | null }[] };
const specs = Object.entries(all as unknown as Record<string, Described>);
const drawings: Drawing[] = ["circuit", "odyssey"];

describe.each(specs)("%s", (_, spec) => {
  const circuit = circuitOf(spec);

  it("draws every wire of the cell", () => {
    const drawn = new Set(circuit.edges.flatMap((edge) => edge.wires));
    for (const wire of spec.wires) expect(drawn).toContain(wireKey(wire.source, wire.target, wire.parameter));
  });

  it("gives every term of every equation an edge that carries it", () => {
    for (const variable of spec.variables) {
      for (const [term] of variable.terms.entries()) {
        const carrying = circuit.edges.filter((e) => e.carries?.variable === variable.id && e.carries.term === term);
        expect(carrying.length).toBeGreaterThan(0);
      }
    }
  });

  it.each(drawings)("has a place for everything in the %s drawing", (drawing) => {
    const layout = layoutOf(spec, circuit, drawing);
    const shapes = new Map(circuit.nodes.map((node) => [node.id, shapeOf(node, false)]));
    for (const edge of circuit.edges) {
      const points = corners(edge, layout, shapes);
      expect(points.length, edge.id).toBeGreaterThan(1);
      for (const point of points) {
        expect(point.x, edge.id).toBeGreaterThanOrEqual(0);
        expect(point.x, edge.id).toBeLessThanOrEqual(layout.width);
        expect(point.y, edge.id).toBeGreaterThanOrEqual(0);
        expect(point.y, edge.id).toBeLessThanOrEqual(layout.height);
      }
    }
  });

  it.each(drawings)("draws an arrow for every route in the %s drawing", (drawing) => {
    const layout = layoutOf(spec, circuit, drawing);
    const shapes = new Map(circuit.nodes.map((node) => [node.id, shapeOf(node, false)]));
    for (const variable of spec.variables) {
      const routes = spec.routes.filter((route) => route.variable === variable.id);
      if (!layout.at[variable.id]) continue; // the input's stubs in the Space Odyssey drawing: its routes are in the panel
      const drawn = arrowsOf(circuit, layout, shapes, routes);
      expect(drawn.map((arrow) => arrow.route.id)).toEqual(routes.map((route) => route.id));
    }
  });
});

describe("a cell that nobody has drawn", () => {
  it("gets columns in the order of computation", () => {
    const spec = { ...specs[0]?.[1], kind: "new" } as Described;
    const circuit = circuitOf(spec);
    const layout = layoutOf(spec, circuit, "circuit");
    for (const node of circuit.nodes) if (node.glyph !== "bias") expect(layout.at[node.id]).toBeDefined();
  });
});
