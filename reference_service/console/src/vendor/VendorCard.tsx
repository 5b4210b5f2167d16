import { memo, type MouseEvent } from "react";

import type { Vendor } from "../api/types";
import { formatCount, formatPercent, formatPrice, formatRating } from "../shared/formats";
import { ROOT } from "../view/view";
import { Entry, Latency, Uptime } from "./Figure";
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
  return (
    <article className="card" aria-labelledby={title}>
      <Logo name={vendor.serviceName} url={vendor.logoUrl} />
      <div className="card__who">
        <h3 className="card__name" id={title}>
          <a href={`${ROOT}/${encodeURIComponent(vendor.slug)}`} onClick={open} title={vendor.serviceName}>
            {vendor.serviceName}
          </a>
          {vendor.isVerified && <Verified />}
        </h3>
        <p className="card__what">
          <span className="card__category">{vendor.category}</span> {vendor.description}
        </p>
      </div>
      <dl className="card__figures">
        <Entry name="Uptime">
          <Uptime percent={vendor.uptimePct} />
        </Entry>
        <Entry name="Latency">
          <Latency milliseconds={vendor.avgLatencyMs} />
        </Entry>
        <Entry name="Rating">{formatRating(vendor.ratingScore)}</Entry>
        <Entry name="Requests">{formatCount(vendor.totalRequests)}</Entry>
        <Entry name="Success">{formatPercent(vendor.successRate)}</Entry>
        <Entry name="Price" kind="price">
          {formatPrice(vendor.defaultPriceUsd)}
        </Entry>
      </dl>
    </article>
  );
});
