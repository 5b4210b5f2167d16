import { useCallback, useMemo, useSyncExternalStore } from "react";

import { addressOf, readView, type View } from "./view";

/** How a change enters the history: as a step that "back" undoes, or in place of the current one. */
export type Step = "push" | "replace";
export type ChangeView = (change: (view: View) => View, step?: Step) => void;

const CHANGED = "console:address";

/** The view that the address shows, and how to change both. */
export function useView(): [View, ChangeView] {
  const address = useSyncExternalStore(subscribe, currentAddress);
  const view = useMemo(() => viewAt(address), [address]);
  const change = useCallback<ChangeView>((make, step = "push") => {
    const next = addressOf(make(viewAt(currentAddress())));
    if (next === currentAddress()) return;
    if (step === "push") window.history.pushState({ pushed: true }, "", next);
    else window.history.replaceState(window.history.state, "", next);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [view, change];
}

/** Whether "back" stays on this page. */
export function canGoBack(): boolean {
  return (window.history.state as { pushed?: boolean } | null)?.pushed === true;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(CHANGED, listener);
  };
}

function currentAddress(): string {
  return window.location.pathname + window.location.search;
}

function viewAt(address: string): View {
  const cut = address.indexOf("?");
  return cut < 0 ? readView(address, "") : readView(address.slice(0, cut), address.slice(cut));
}
