import { memo, type MouseEvent } from "react";

import type { Vendor } from "../api/types";
import {
  formatCount,
  formatLatency,
  formatPercent,
  formatPrice,
  formatRating,
  LEVEL_WORDS,
  uptimeLevel,
} from "../shared/formats";
import { ROOT } from "../view/view";
import { Logo } from "./Logo";
import { Verified } from "./Verified";

interface Props {
  vendor: Vendor;
  onClick: (vendor: Vendor) => void;
}

/** One vendor of the board; the name is a link to its details, and the whole card leads there. */
export const VendorCard = memo(function VendorCard({ vendor, onClick }: Props) {
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab or window, as the person asked
    event.preventDefault();
    onClick(vendor);
  };
  const title = `vendor-${vendor.id}`;
  const level = uptimeLevel(vendor.uptimePct);
  const uptime = formatPercent(vendor.uptimePct);
  const latency = formatLatency(vendor.avgLatencyMs);
  const rating = formatRating(vendor.ratingScore);
  const requests = formatCount(vendor.totalRequests);
  const success = formatPercent(vendor.successRate);
  const price = formatPrice(vendor.defaultPriceUsd);
  // Heard as one sentence and seen as columns: scrolling would pay for a name and a box of each.
  const sentence =
    `Uptime ${uptime} (${LEVEL_WORDS[level]}), latency ${latency ?? "not measured yet"}, rating ${rating}, ` +
    `requests ${requests}, success ${success}, price ${price}`;
  return (
    <article className="card" aria-labelledby={title}>
      <Logo name={vendor.serviceName} url={vendor.logoUrl} />
      <h3 className="card__name" id={title}>
        <a href={`${ROOT}/${encodeURIComponent(vendor.slug)}`} onClick={open} title={vendor.serviceName}>
          {vendor.serviceName}
        </a>
      </h3>
      {vendor.isVerified && <Verified />}
      <p className="card__what">
        <span className="card__category">{vendor.category}</span> {vendor.description}
      </p>
      <div className="card__figures" role="img" aria-label={sentence}>
        <span data-name="Uptime" data-level={level} className={`level level--${level}`}>
          {uptime}
        </span>
        <span data-name="Latency">{latency ?? "—"}</span>
        <span data-name="Rating">{rating}</span>
        <span data-name="Requests">{requests}</span>
        <span data-name="Success">{success}</span>
        <span data-name="Price">{price}</span>
      </div>
    </article>
  );
});
