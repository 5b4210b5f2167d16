import type { RefObject } from "react";

import { Problem } from "../shared/Problem";
import type { Vendor } from "../api/types";
import type { Search } from "../search/useSearch";
import { PAGE } from "../view/view";
import { Board } from "./Board";
import { Skeleton } from "./Skeleton";

interface Props {
  search: Search;
  filtered: boolean;
  onOpen: (vendor: Vendor) => void;
  onClear: () => void;
  onMore: () => void;
  enter: RefObject<() => void>;
  onLeave: () => void;
}

/** What a search came to: cards, nothing, a problem, or cards to come. */
export function Results({ search, filtered, onOpen, onClear, onMore, enter, onLeave }: Props) {
  const { found, failure, loading, stale, retry } = search;
  if (!found) return failure ? <Problem failure={failure} onRetry={retry} /> : <Skeleton />;
  if (found.total === 0 && !stale && !failure) return <Nothing filtered={filtered} onClear={onClear} />;
  const { vendors, total, hasMore } = found;
  return (
    <>
      <Board vendors={vendors} total={total} stale={stale} onOpen={onOpen} enter={enter} onLeave={onLeave} />
      {failure && <Problem failure={failure} onRetry={retry} compact />}
      {hasMore && !failure && !stale && (
        <div className="more">
          <button type="button" className="button button--wide" onClick={onMore} aria-disabled={loading}>
            {loading ? "Loading…" : `Load ${Math.min(PAGE, total - vendors.length)} more`}
          </button>
        </div>
      )}
    </>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <div className="empty">
      <p className="empty__title">{filtered ? "No vendors match" : "No vendors yet"}</p>
      <p className="muted">
        {filtered ? "Every word and every filter must match. Try fewer." : "The marketplace is empty."}
      </p>
      {filtered && (
        <button type="button" className="link-button" onClick={onClear}>
          Clear filters
        </button>
      )}
    </div>
  );
}
