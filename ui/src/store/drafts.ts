// What a person has typed that has not taken effect yet: it does before anything that counts on it.

const drafts = new Set<() => void>();

/** Something typed waits; `settle` lets it take effect, and is called once unless it is `forget`ten before. */
export const wait = (settle: () => void): void => void drafts.add(settle);
export const forget = (settle: () => void): void => void drafts.delete(settle);

/** Let all that waits take effect now. */
export function settleDrafts(): void {
  for (const settle of [...drafts]) {
    drafts.delete(settle);
    settle();
  }
}
