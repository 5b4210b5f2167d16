import { useCallback, useEffect, useRef, useState } from "react";

import type { Sort, Vendor } from "../api/types";
import { Categories } from "../search/Categories";
import { Filters } from "../search/Filters";
import { SearchBox } from "../search/SearchBox";
import { useSearch } from "../search/useSearch";
import { passFocusOn } from "../shared/passFocusOn";
import { ThemeSwitch } from "../shared/ThemeSwitch";
import { VendorModal } from "../vendor/VendorModal";
import { canGoBack, useView } from "../view/useView";
import { countFilters, isFiltered, nextPage, PAGE, SORTS, withoutFilters, type View } from "../view/view";
import { Featured } from "./Featured";
import { Results } from "./Results";
import { Status } from "./Status";
import { useSlash } from "./useSlash";

/** The page where a person finds a vendor. */
export function Marketplace() {
  const [view, change] = useView();
  const search = useSearch(view);
  const [panel, setPanel] = useState(false);
  const enter = useRef<() => void>(() => undefined);

  const filter = useCallback(
    (filters: Partial<View>) => change((now) => ({ ...now, ...filters, shown: PAGE })),
    [change],
  );
  const searchFor = useCallback((q: string) => filter({ q }), [filter]);
  const choose = useCallback((category: string) => filter({ category }), [filter]);
  const open = useCallback((vendor: string) => change((now) => ({ ...now, vendor })), [change]);
  const openVendor = useCallback((vendor: Vendor) => open(vendor.slug), [open]);
  const close = useCallback(() => {
    if (canGoBack()) window.history.back();
    else change((now) => ({ ...now, vendor: undefined }), "replace");
  }, [change]);
  const clear = useCallback(() => change(withoutFilters), [change]);
  const more = useCallback(
    () => !search.loading && change((now) => ({ ...now, shown: now.shown + nextPage(now) }), "replace"),
    [change, search.loading],
  );
  const byTag = useCallback((tag: string) => change(() => ({ ...withoutFilters(view), tags: [tag] })), [change, view]);
  const focusSearch = useCallback(
    () => document.querySelector<HTMLElement>("[data-focus-fallback]")?.focus(),
    [],
  );
  const covered = view.vendor !== undefined;
  useSlash(focusSearch, !covered);
  useBeginning(view);

  const filters = countFilters(view);
  return (
    <>
      <div className="page" inert={covered}>
        <header className="top">
          <h1 className="brand">Marketplace</h1>
          <SearchBox q={view.q} onSearch={searchFor} onOpen={open} onLeave={() => enter.current()} />
          <ThemeSwitch />
        </header>
        <main className="main">
          {!isFiltered(view) && <Featured onOpen={openVendor} />}
          <Categories facets={search.categories} chosen={view.category} onChoose={choose} />
          <div className="columns">
            <aside className="side" aria-label="Narrow the list" tabIndex={-1}>
              <button
                type="button"
                className="button side__toggle"
                aria-expanded={panel}
                aria-controls="filters"
                onClick={() => setPanel(!panel)}
              >
                Filters{filters > 0 && ` (${filters})`}
              </button>
              <div id="filters" className="side__panel" data-open={panel || undefined}>
                <Filters view={view} onFilter={filter} />
                {isFiltered(view) && (
                  <button ref={passFocusOn} type="button" className="link-button" onClick={clear}>
                    Reset all
                  </button>
                )}
              </div>
            </aside>
            <section className="results" aria-labelledby="results-title" tabIndex={-1}>
              <h2 id="results-title" className="unseen">
                Vendors
              </h2>
              <div className="results__head">
                <Status search={search} />
                <SortMenu view={view} onSort={(sort) => filter({ sort })} />
              </div>
              <Results
                search={search}
                next={nextPage(view)}
                filtered={isFiltered(view)}
                onOpen={openVendor}
                onClear={clear}
                onMore={more}
                enter={enter}
                onLeave={focusSearch}
              />
            </section>
          </div>
        </main>
      </div>
      {view.vendor !== undefined && <VendorModal slug={view.vendor} onClose={close} onTag={byTag} />}
    </>
  );
}

function SortMenu({ view, onSort }: { view: View; onSort: (sort: Sort) => void }) {
  const offered = SORTS.filter(({ value }) => value !== "relevance" || view.q !== "" || view.sort === "relevance");
  return (
    <label className="sort">
      <span className="label">Sort</span>
      <select
        className="control"
        value={view.sort ?? (view.q ? "relevance" : "rating")}
        onChange={(event) => onSort(event.target.value as Sort)}
      >
        {offered.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Another search begins at its top. */
function useBeginning(view: View): void {
  const { q, category, sort, minUptime, minRating, maxLatency, verified } = view;
  const search = JSON.stringify([q, category, sort, minUptime, minRating, maxLatency, verified, view.tags]);
  const before = useRef(search);
  useEffect(() => {
    if (before.current === search) return;
    before.current = search;
    window.scrollTo({ top: 0 });
  }, [search]);
}
