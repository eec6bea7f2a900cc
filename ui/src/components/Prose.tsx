/** A text of a docstring or a message: what stands `between ticks` is set as code. */
export function Prose({ text }: { text: string }) {
  if (!text.includes("`")) return text;
  return text.split(/`([^`]+)`/).map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
    i % 2 === 1 ? <code key={i}>{part}</code> : part,
  );
}
