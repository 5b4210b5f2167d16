import { useState } from "react";

/** The vendor's logo, loaded when it comes near the window; its initial where there is none. */
export function Logo({ name, url }: { name: string; url?: string | undefined }) {
  const [broken, setBroken] = useState<string>();
  if (!url || !/^https?:/i.test(url) || broken === url) {
    return (
      <span className="logo logo--initial" aria-hidden="true">
        {[...name][0]?.toUpperCase() ?? "·"}
      </span>
    );
  }
  return (
    <img
      className="logo"
      src={url}
      alt=""
      width={32}
      height={32}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setBroken(url)}
    />
  );
}
