// The layers of a network read off its plain data.

import type { Json } from "../../api/generated";

export interface Layer {
  key: string;
  name: string;
  kind: string;
  shape: string;
  parameters: number | null;
}

type Plain = Record<string, Json>;
const plain = (value: Json | undefined): Plain =>
  value && typeof value === "object" && !Array.isArray(value) ? value : {};

function shape(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map((one) => (one === null ? "?" : String(one))).join(" × ");
  return value === null || value === undefined ? "" : String(value);
}

/** Layers in order; those within layers are named `outer / inner`. */
export function layersOf(network: Plain, outer = ""): Layer[] {
  const layers = Array.isArray(network.layers) ? network.layers : [];
  return layers.flatMap((one, index) => {
    const layer = plain(one);
    const name = `${outer}${String(layer.title || layer.name || index + 1)}`;
    const own: Layer = {
      key: `${outer}${String(layer.name ?? index)}`,
      name,
      kind: String(layer.kind ?? ""),
      shape: shape(layer.shape),
      parameters: typeof layer.parameters === "number" ? layer.parameters : null,
    };
    return [own, ...layersOf(layer, `${name} / `)];
  });
}
