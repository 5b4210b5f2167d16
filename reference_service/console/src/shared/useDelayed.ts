import { useEffect, useRef } from "react";

/** Calls `act` with the latest value once it has not changed for `ms`; never for the first value. */
export function useDelayed<T>(value: T, ms: number, act: (value: T) => void): void {
  const latest = useRef(act);
  const settled = useRef(value);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (Object.is(settled.current, value)) return;
    const timer = setTimeout(() => {
      settled.current = value;
      latest.current(value);
    }, ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
}
