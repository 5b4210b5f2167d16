import { useEffect, useRef } from "react";

/** Calls `act` with the latest value once it has not changed for `ms`. */
export function useDelayed<T>(value: T, ms: number, act: (value: T) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const timer = setTimeout(() => latest.current(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
}
