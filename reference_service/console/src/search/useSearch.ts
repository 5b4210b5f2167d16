import { startTransition, useCallback, useEffect, useReducer, useRef } from "react";

import { LARGEST_PAGE, searchVendors } from "../api/client";
import { asFailure, type Failure } from "../api/failure";
import type { CategoryCount, SearchAnswer, Vendor } from "../api/types";
import { addressOf, type View } from "../view/view";

/** What a search found so far; `offset` is how many vendors the API has gone through for it. */
export interface Found {
  key: string;
  vendors: Vendor[];
  offset: number;
  total: number;
  hasMore: boolean;
  categories: CategoryCount[];
  /** The ids of all vendors in it. */
  known: Set<number>;
}

export interface Search {
  /** Nothing before the first answer; of an earlier search while `stale`. */
  found: Found | undefined;
  stale: boolean;
  loading: boolean;
  failure: Failure | undefined;
  /** Of the last answer that came, whatever became of later searches. */
  categories: CategoryCount[] | undefined;
  retry: () => void;
}

interface State {
  found: Found | undefined;
  loading: boolean;
  failure: Failure | undefined;
  categories: CategoryCount[] | undefined;
  attempt: number;
}

type Event =
  | { type: "asked" }
  | { type: "answered"; found: Found; done: boolean }
  | { type: "failed"; failure: Failure; keep: boolean }
  | { type: "retried" };

const START: State = {
  found: undefined,
  loading: true,
  failure: undefined,
  categories: undefined,
  attempt: 0,
};

/** Searches as the view says, `view.shown` vendors of it; answers to older views are dropped. */
export function useSearch(view: View): Search {
  const [state, tell] = useReducer(reduce, START);
  const key = addressOf({ ...view, shown: 0, vendor: undefined });
  const latest = useRef({ view, found: state.found });
  latest.current = { view, found: state.found };

  useEffect(() => {
    const controller = new AbortController();
    const known = latest.current.found;
    const start = known?.key === key ? known : nothing(key);
    void load(start, latest.current.view, controller.signal, tell);
    return () => controller.abort();
  }, [key, view.shown, state.attempt]);

  const retry = useCallback(() => tell({ type: "retried" }), []);
  const { found, loading, failure, categories } = state;
  return { found, loading, failure, categories, retry, stale: found !== undefined && found.key !== key };
}

async function load(start: Found, view: View, signal: AbortSignal, tell: (event: Event) => void) {
  let found = start;
  if (isComplete(found, view)) {
    // A search that was taken back had begun to load.
    tell({ type: "answered", found, done: true });
    return;
  }
  tell({ type: "asked" });
  try {
    while (!isComplete(found, view)) {
      const limit = Math.min(LARGEST_PAGE, view.shown - found.offset);
      const answer = await searchVendors(view, { limit, offset: found.offset }, signal);
      if (signal.aborted) return;
      found = joined(found, answer);
      const event: Event = { type: "answered", found, done: isComplete(found, view) };
      // Whoever types goes first: cards are drawn between two keys.
      startTransition(() => tell(event));
    }
  } catch (error) {
    if (signal.aborted) return;
    tell({ type: "failed", failure: asFailure(error), keep: found.offset > 0 });
  }
}

function isComplete(found: Found, view: View): boolean {
  return !found.hasMore || found.offset >= view.shown;
}

function nothing(key: string): Found {
  return { key, vendors: [], offset: 0, total: 0, hasMore: true, categories: [], known: new Set() };
}

function joined(found: Found, answer: SearchAnswer): Found {
  // The catalogue may have moved between two pages: nobody is shown twice.
  const known = new Set(found.known);
  const fresh = answer.vendors.filter(({ id }) => !known.has(id) && known.add(id));
  return {
    key: found.key,
    vendors: found.vendors.concat(fresh),
    known,
    offset: found.offset + answer.vendors.length,
    total: answer.total,
    hasMore: answer.hasMore && answer.vendors.length > 0,
    categories: answer.categories,
  };
}

function reduce(state: State, event: Event): State {
  switch (event.type) {
    case "asked":
      return { ...state, loading: true, failure: undefined };
    case "answered":
      return {
        ...state,
        found: event.found,
        loading: !event.done,
        failure: undefined,
        categories: event.found.categories,
      };
    case "failed":
      return {
        ...state,
        found: event.keep ? state.found : undefined,
        loading: false,
        failure: event.failure,
      };
    case "retried":
      return { ...state, loading: true, failure: undefined, attempt: state.attempt + 1 };
  }
}
