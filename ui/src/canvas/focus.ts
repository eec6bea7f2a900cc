// Putting the keyboard where the person looks.

/** The element of a node, note or frame. */
export const boxElement = (id: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);

/** Focus a box once it is drawn. */
export function focusBox(id: string, tries = 10): void {
  const element = boxElement(id);
  if (element) element.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusBox(id, tries - 1));
}

export const focusCanvas = (): void =>
  document.querySelector<HTMLElement>("[data-canvas]")?.focus({ preventScroll: true });

/** Put the cursor into the first control of the settings. */
export const focusSettings = (): void =>
  document
    .querySelector<HTMLElement>(
      '[data-area="settings"] :is(input, select, textarea, button, [tabindex="0"]):not(:disabled)',
    )
    ?.focus();
