import { useEffect } from "react";

import { vendorDetails } from "../api/client";
import type { VendorDetails } from "../api/types";
import { formatAge } from "../shared/formats";
import { Modal } from "../shared/Modal";
import { Problem } from "../shared/Problem";
import { useAnswer } from "../shared/useAnswer";
import { useNow } from "../shared/useNow";
import { Endpoints } from "./Endpoints";
import { HealthHistory } from "./HealthHistory";
import { Logo } from "./Logo";
import { Metrics } from "./Metrics";
import { Snippets } from "./Snippets";
import { Verified } from "./Verified";

interface Props {
  slug: string;
  onClose: () => void;
  onTag: (tag: string) => void;
}

/** Everything about one vendor. */
export function VendorModal({ slug, onClose, onTag }: Props) {
  const { data: vendor, failure, retry } = useAnswer(slug, vendorDetails);
  const name = vendor?.serviceName;
  useEffect(() => {
    document.title = name === undefined ? "Marketplace" : `${name} · Marketplace`;
    return () => {
      document.title = "Marketplace";
    };
  }, [name]);
  return (
    <Modal title={name ?? slug} onClose={onClose} heading={vendor && <Heading vendor={vendor} />}>
      {failure && <Problem failure={failure} onRetry={retry} />}
      {!failure && !vendor && <DetailSkeleton />}
      {vendor && <Details vendor={vendor} onTag={onTag} />}
    </Modal>
  );
}

function Heading({ vendor }: { vendor: VendorDetails }) {
  return (
    <p className="detail-heading">
      <Logo name={vendor.serviceName} url={vendor.logoUrl} />
      <span className="card__category">{vendor.category}</span>
      {vendor.isVerified && (
        <span className="detail-heading__verified">
          <Verified /> <span aria-hidden="true">verified</span>
        </span>
      )}
      <span className="mono muted">{vendor.slug}</span>
    </p>
  );
}

function Details({ vendor, onTag }: { vendor: VendorDetails; onTag: (tag: string) => void }) {
  const now = useNow();
  const website = vendor.websiteUrl;
  return (
    <>
      <p className="detail-description">{vendor.description}</p>
      <Metrics vendor={vendor} now={now} />
      <HealthHistory slug={vendor.slug} now={now} />
      <Endpoints endpoints={vendor.endpoints} price={vendor.defaultPriceUsd} />
      <Snippets slug={vendor.slug} />
      <section className="detail-section" aria-labelledby="about-title">
        <h3 id="about-title">About</h3>
        <p className="muted">
          Listed {formatAge(vendor.createdAt, now)}
          {website && /^https?:/i.test(website) && (
            <>
              {" · "}
              <a href={website} rel="noopener noreferrer nofollow" target="_blank">
                Website
              </a>
            </>
          )}
        </p>
        {vendor.tags.length > 0 && (
          <ul className="tags" aria-label="Tags">
            {vendor.tags.map((tag) => (
              <li key={tag}>
                <button type="button" className="tag" onClick={() => onTag(tag)} title={`Vendors tagged ${tag}`}>
                  {tag}
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function DetailSkeleton() {
  return (
    <div className="skeleton-detail">
      <p role="status" className="unseen">
        Loading the vendor…
      </p>
      {[60, 90, 75, 40].map((width) => (
        <span key={width} className="bone" style={{ width: `${width}%` }} aria-hidden="true" />
      ))}
    </div>
  );
}
