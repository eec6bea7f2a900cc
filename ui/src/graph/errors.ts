/** An edit that does not fit the document, which is then unchanged. */
export class EditError extends Error {
  override readonly name = "EditError";
}

export function listing(names: readonly string[], most = 12): string {
  if (names.length <= most) return names.join(", ") || "none";
  return `${names.slice(0, most).join(", ")} ... (${names.length} in all)`;
}
