import { memo } from "react";

import { featuredVendors } from "../api/client";
import type { Vendor } from "../api/types";
import { formatPrice, formatRating } from "../shared/formats";
import { useAnswer } from "../shared/useAnswer";
import { Uptime } from "../vendor/Figure";
import { ROOT } from "../view/view";

const ask = (_: string, signal: AbortSignal) => featuredVendors(signal);

/** The featured vendors, in the marketplace's order; nothing where there are none or no answer. */
export const Featured = memo(function Featured({ onOpen }: { onOpen: (vendor: Vendor) => void }) {
  const { data: vendors, failure } = useAnswer("featured", ask);
  if (failure || vendors?.length === 0) return null;
  return (
    <section className="featured" aria-labelledby="featured-title">
      <h2 id="featured-title" className="label">
        Featured
      </h2>
      <ul className="ticker">
        {(vendors ?? []).map((vendor) => (
          <li key={vendor.id}>
            <a
              className="tick"
              href={`${ROOT}/${encodeURIComponent(vendor.slug)}`}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(vendor);
              }}
            >
              <span className="tick__name">{vendor.serviceName}</span>
              <span className="tick__figures">
                <Uptime percent={vendor.uptimePct} />
                <span>
                  <span className="unseen">rating </span>
                  <span aria-hidden="true">★ </span>
                  {formatRating(vendor.ratingScore)}
                </span>
                <span className="tick__price">{formatPrice(vendor.defaultPriceUsd)}</span>
              </span>
            </a>
          </li>
        ))}
        {!vendors && <li className="tick tick--empty" aria-hidden="true" />}
      </ul>
    </section>
  );
});
