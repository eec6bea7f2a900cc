// Which node reads a file, told from the patterns that readers give for their path.

import type { Json, NodeType } from "../api/generated";

interface Reader {
  type: string;
  setting: string;
}

const matches = (name: string, pattern: string): boolean =>
  name.toLowerCase().endsWith(pattern.replace(/^\*/, "").toLowerCase());

function group(value: Json | undefined): Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** The reader with the longest pattern that fits the file's name. */
export function readerFor(name: string, types: ReadonlyMap<string, NodeType>): Reader | null {
  let best: (Reader & { length: number }) | null = null;
  for (const { type, inputs, outputs, schema } of types.values()) {
    if (inputs.length > 0 || outputs.length === 0) continue;
    for (const [setting, property] of Object.entries(group(schema.properties))) {
      const mark = group(group(property)["x-filepath"]);
      if (mark.mode !== "read" || !Array.isArray(mark.patterns)) continue;
      const length = Math.max(
        0,
        ...mark.patterns
          .map(String)
          .filter((one) => matches(name, one))
          .map((one) => one.length),
      );
      if (length > (best?.length ?? 0)) best = { type, setting, length };
    }
  }
  return best && { type: best.type, setting: best.setting };
}
