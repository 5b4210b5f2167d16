import type { Search } from "../search/useSearch";
import { formatWhole } from "../shared/formats";

/** How much is shown, told to whoever listens too. */
export function Status({ search }: { search: Search }) {
  return (
    <p role="status" className="results__count">
      {sentence(search)}
    </p>
  );
}

function sentence({ found, stale, loading, failure }: Search): string {
  if (stale || !found) return failure || !loading ? "" : "Loading vendors…";
  const { vendors, total } = found;
  if (total === 0) return "No vendors";
  if (vendors.length >= total) return `${formatWhole(total)} ${total === 1 ? "vendor" : "vendors"}`;
  return `${formatWhole(vendors.length)} of ${formatWhole(total)} vendors`;
}
