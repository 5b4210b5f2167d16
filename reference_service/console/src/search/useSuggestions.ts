import { useEffect, useState } from "react";

import { quickSearch } from "../api/client";
import type { Suggestion } from "../api/types";

const SHORTEST = 2;
const LONGEST = 100;
const NONE: Suggestion[] = [];

/** Vendors whose names complete `typed`; none while it is too short, or where the API has no answer. */
export function useSuggestions(typed: string): Suggestion[] {
  const [found, setFound] = useState<{ typed: string; results: Suggestion[] }>({ typed: "", results: NONE });
  useEffect(() => {
    const length = [...typed.trim()].length;
    if (length < SHORTEST || length > LONGEST) return;
    const controller = new AbortController();
    quickSearch(typed.trim(), controller.signal).then(
      (results) => {
        if (!controller.signal.aborted) setFound({ typed, results });
      },
      () => undefined, // suggestions are a convenience: the search itself reports what is wrong
    );
    return () => controller.abort();
  }, [typed]);
  return typed !== "" && found.typed === typed ? found.results : NONE;
}
