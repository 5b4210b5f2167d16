/** The `ref` of a button that may leave the page: what around it can have its focus gets it then. */
export function passFocusOn(button: HTMLElement | null): (() => void) | undefined {
  if (!button) return undefined;
  return () => {
    if (document.activeElement !== button) return;
    button.closest<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
  };
}
