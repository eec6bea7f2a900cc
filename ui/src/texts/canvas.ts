const many = (count: number, noun: string): string => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

export const canvasTexts = {
  canvas: "Workflow canvas",
  edge: "The component",
  component: "Component",
  componentOf: (count: number) => many(count, "node"),
  inputs: "Comes in",
  outputs: "Goes out",
  newPort: "new port",
  newPortHint: "Drag from here to a node, or from a node to here: the component gets a port more.",
  noteHint: "Double-click to write a note.",
  noteText: "Note",
  notePlaceholder: "Markdown: **bold**, - list, # heading",
  frameTitle: "Title of the frame",
  bothOutputs: "Both are outputs: a wire goes from an output to an input.",
  bothInputs: "Both are inputs: a wire goes from an output to an input.",
  open: "Open the component",
  rename: "Title",
  pinned: "Pinned: its result is kept",
  stale: "changed since",
  left: (time: string) => `${time} left`,
  rows: (count: number) => many(count, "row"),
  columns: (count: number) => many(count, "column"),
  port: (side: "in" | "out", name: string, type: string | null, title: string) =>
    `${side === "in" ? "Input" : "Output"} ${name} of ${title}${type ? ` (${type})` : ""}`,
  wire: (source: string, target: string) => `Wire from ${source} to ${target}`,
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
