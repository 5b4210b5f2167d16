import type { Search } from "../search/useSearch";

const NUMBER = new Intl.NumberFormat("en-US");

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
  if (vendors.length >= total) return `${NUMBER.format(total)} ${total === 1 ? "vendor" : "vendors"}`;
  return `${NUMBER.format(vendors.length)} of ${NUMBER.format(total)} vendors`;
}
