import { useCallback, useEffect, useState } from "react";

import { asFailure, type Failure } from "../api/failure";

export interface Answer<T> {
  data: T | undefined;
  failure: Failure | undefined;
  retry: () => void;
}

/** What `ask` answers for `key`; asked anew for another key, dropped when nobody waits any more. */
export function useAnswer<T>(
  key: string,
  ask: (key: string, signal: AbortSignal) => Promise<T>,
): Answer<T> {
  const [state, setState] = useState<{ key: string; data?: T; failure?: Failure }>({ key });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const keep = (settled: { data?: T; failure?: Failure }) => {
      if (!controller.signal.aborted) setState({ key, ...settled });
    };
    ask(key, controller.signal).then(
      (data) => keep({ data }),
      (error: unknown) => keep({ failure: asFailure(error) }),
    );
    return () => controller.abort();
  }, [key, ask, attempt]);

  const retry = useCallback(() => {
    setState({ key });
    setAttempt((count) => count + 1);
  }, [key]);
  const current = state.key === key;
  return { data: current ? state.data : undefined, failure: current ? state.failure : undefined, retry };
}
