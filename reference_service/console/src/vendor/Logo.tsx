import { useState } from "react";

interface Props {
  name: string;
  url?: string | undefined;
}

const HUES = 6;

/**
 * The vendor's logo, loaded when it comes near the window, where the marketplace itself keeps it; else its
 * initial on a ground of its own. Nothing is asked of a vendor's host: it would learn who looks at whom.
 */
export function Logo({ name, url }: Props) {
  return url && isOurs(url) ? <Kept name={name} url={url} /> : <Initial name={name} />;
}

function Kept({ name, url }: { name: string; url: string }) {
  const [broken, setBroken] = useState<string>();
  if (broken === url) return <Initial name={name} />;
  return (
    <img
      className="logo"
      src={url}
      alt=""
      width={32}
      height={32}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(url)}
    />
  );
}

function Initial({ name }: { name: string }) {
  return (
    <span className="logo logo--initial" data-hue={hue(name)} aria-hidden="true">
      {[...name][0]?.toUpperCase() ?? "·"}
    </span>
  );
}

function isOurs(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === window.location.origin;
}

function hue(name: string): number {
  let sum = 0;
  for (let at = 0; at < name.length; at += 1) sum = (sum * 31 + name.charCodeAt(at)) % 997;
  return sum % HUES;
}
