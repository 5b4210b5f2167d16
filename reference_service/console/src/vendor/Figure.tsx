import type { ReactNode } from "react";

import { formatLatency, formatPercent, LEVEL_WORDS, uptimeLevel } from "../shared/formats";

interface Named {
  name: string;
  children: ReactNode;
  kind?: string;
}

/** One measured value with its name, for a `dl`. */
export function Figure({ name, children, kind }: Named) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd className={kind}>{children}</dd>
    </div>
  );
}

/** Uptime in its colour, and in a sign and a word for whoever does not see it. */
export function Uptime({ percent }: { percent: number }) {
  const level = uptimeLevel(percent);
  return (
    <span className={`level level--${level}`} data-level={level}>
      {formatPercent(percent)}
      <span className="unseen"> ({LEVEL_WORDS[level]})</span>
    </span>
  );
}

export function Latency({ milliseconds }: { milliseconds: number }) {
  const text = formatLatency(milliseconds);
  if (text !== undefined) return <>{text}</>;
  return (
    <>
      <span aria-hidden="true">—</span>
      <span className="unseen">not measured yet</span>
    </>
  );
}
