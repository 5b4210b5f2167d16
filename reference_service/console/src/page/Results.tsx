import type { RefObject } from "react";

import type { Vendor } from "../api/types";
import type { Found, Search } from "../search/useSearch";
import { formatWhole } from "../shared/formats";
import { passFocusOn } from "../shared/passFocusOn";
import { Problem } from "../shared/Problem";
import { MOST_SHOWN, PAGE } from "../view/view";
import { Board } from "./Board";
import { Skeleton } from "./Skeleton";

interface Props {
  search: Search;
  /** How many vendors "load more" asks for. */
  next: number;
  filtered: boolean;
  onOpen: (vendor: Vendor) => void;
  onClear: () => void;
  onMore: () => void;
  enter: RefObject<() => void>;
  onLeave: () => void;
}

/** What a search came to: cards, nothing, a problem, or cards to come. */
export function Results({ search, next, filtered, onOpen, onClear, onMore, enter, onLeave }: Props) {
  const { found, failure, stale, retry } = search;
  if (!found) return failure ? <Problem failure={failure} onRetry={retry} /> : <Skeleton />;
  if (found.total === 0 && !stale && !failure) return <Nothing filtered={filtered} onClear={onClear} />;
  const { vendors, total } = found;
  return (
    <>
      <Board vendors={vendors} total={total} stale={stale} onOpen={onOpen} enter={enter} onLeave={onLeave} />
      <div className="more" tabIndex={-1}>
        {failure && <Problem failure={failure} onRetry={retry} compact />}
        {!failure && !stale && <More found={found} next={next} loading={search.loading} onMore={onMore} />}
      </div>
    </>
  );
}

interface MoreProps {
  found: Found;
  next: number;
  loading: boolean;
  onMore: () => void;
}

/** Where the list goes on, or why it does not. */
function More({ found, next, loading, onMore }: MoreProps) {
  if (!found.hasMore) return found.vendors.length > PAGE && <p className="muted">That is all.</p>;
  if (next === 0 && !loading) {
    return <p className="muted">No more than {formatWhole(MOST_SHOWN)} are listed. Narrow the search to see others.</p>;
  }
  return (
    <button
      ref={passFocusOn}
      type="button"
      className="button button--wide"
      onClick={onMore}
      aria-disabled={loading}
    >
      {loading ? "Loading…" : `Load ${Math.min(next, found.total - found.vendors.length)} more`}
    </button>
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
        <button ref={passFocusOn} type="button" className="link-button" onClick={onClear}>
          Clear filters
        </button>
      )}
    </div>
  );
}
