const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const canvasTexts = {
  canvas: "Workflow canvas",
  edge: "The component",
  component: "Component",
  inputs: "Comes in",
  outputs: "Goes out",
  newPort: "new port",
  added: (title: string) => `${title} added.`,
  connected: (source: string, target: string) => `${source} connected to ${target}.`,
  removed: (count: number) => `${many(count, "thing")} removed.`,
  copied: (count: number) => `${many(count, "thing")} copied.`,
  pasted: (count: number) => `${many(count, "thing")} pasted.`,
  nothingFits: (title: string, type: string, side: "in" | "out") =>
    side === "out"
      ? `${title} has no input that takes ${type ? `a ${type}` : "this"}.`
      : `${title} gives nothing that fits${type ? `: a ${type} is needed` : ""}.`,
};
