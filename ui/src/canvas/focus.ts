// Putting the keyboard where the person looks.

/** The element of a node, note or frame. */
export const boxElement = (id: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);

let reveal: (id: string) => void = () => undefined;
/** How a box is brought into view; the canvas says so while it is shown. */
export const revealWith = (how: (id: string) => void): void => {
  reveal = how;
};

/** Focus a box once it is drawn; what is out of sight is brought into view. */
export function focusBox(id: string): void {
  reveal(id);
  const attempt = (tries: number): void => {
    const element = boxElement(id);
    element?.focus({ preventScroll: true });
    if (element && document.activeElement === element) return; // a dialog that is just closing lets nothing have it
    if (tries > 0) requestAnimationFrame(() => attempt(tries - 1));
    else focusCanvas();
  };
  attempt(30);
}

export const focusCanvas = (): void =>
  document.querySelector<HTMLElement>("[data-canvas]")?.focus({ preventScroll: true });

const CONTROLS = ["button", "input", "select", "textarea", "summary", "[tabindex='0']"]
  .map((one) => `${one}:not(:disabled, [tabindex='-1'], [role='separator'])`)
  .join(", ");

/** Put the cursor into the first control of a part of the window; true where there is one. */
export function focusInto(area: Element | null, controls = CONTROLS): boolean {
  const first = [...(area?.querySelectorAll<HTMLElement>(controls) ?? [])].find((one) => one.offsetParent !== null);
  first?.focus();
  return first !== undefined;
}

/** Put the cursor into the settings. */
export const focusSettings = (): boolean => focusInto(document.querySelector('[data-area="settings"]'));
