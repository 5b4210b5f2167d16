import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse } from "msw";
import { StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";

import { violations } from "../testing/audit";
import { marketplace, onSearch, refusal } from "../testing/marketplace";
import { server } from "../testing/server";
import { aVendor, vendors } from "../testing/vendors";
import { Marketplace } from "./Marketplace";

const searchField = () => screen.getByRole("combobox", { name: "Search vendors" });
const cards = () => screen.queryAllByRole("article");
const names = () => cards().map((card) => within(card).getByRole("link").textContent);
const lastSearch = () => Object.fromEntries(marketplace.searches.at(-1) ?? []);
const count = () => screen.getByRole("status").textContent;
const pill = (name: string) => screen.getByRole("button", { name });
const results = () => screen.getByRole("region", { name: "Vendors" });
const pillNames = () =>
  within(screen.getByRole("group", { name: "Categories" })).getAllByRole("button").map((button) => button.textContent);

async function shown(at = "/marketplace") {
  window.history.replaceState(null, "", at);
  const page = render(<Marketplace />);
  await waitFor(() => expect(cards().length).toBeGreaterThan(0));
  return page;
}

describe("the marketplace page", () => {
  it("CP-01 test_renders_without_crashing", async () => {
    const complaints = vi.spyOn(console, "error");
    await shown();
    expect(screen.getByRole("heading", { level: 1, name: "Marketplace" })).toBeVisible();
    expect(complaints).not.toHaveBeenCalled();
  });

  it("CP-02 test_shows_loading_skeleton", async () => {
    server.use(onSearch(() => delay("infinite").then(() => HttpResponse.json({}))));
    render(<Marketplace />);
    expect(screen.getByTestId("skeleton")).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent("Loading vendors…");
    expect(cards()).toHaveLength(0);
    expect(await violations()).toEqual([]);
  });

  it("CP-03 test_displays_vendors", async () => {
    marketplace.catalogue = vendors(7);
    await shown();
    expect(names()).toEqual(vendors(7).map(({ serviceName }) => serviceName));
    expect(count()).toBe("7 vendors");
    expect(screen.queryByTestId("skeleton")).not.toBeInTheDocument();
    expect(await violations()).toEqual([]);
  });

  it("CP-03 tells how many of how many are shown", async () => {
    await shown();
    expect(count()).toBe("20 of 45 vendors");
    expect(lastSearch()).toEqual({ limit: "20", offset: "0" });
  });

  it("CP-04 test_search_debounces", async () => {
    const user = userEvent.setup({ delay: null });
    await shown();
    await user.type(searchField(), "weather");
    expect(marketplace.searches).toHaveLength(1);
    await waitFor(() => expect(count()).toBe("15 vendors"));
    await waitFor(() => expect(marketplace.quick).toEqual(["weather"]));
    expect(marketplace.searches).toHaveLength(2);
    expect(lastSearch()["q"]).toBe("weather");
  });

  it("CP-04 searches at once on Enter, and once only", async () => {
    const user = userEvent.setup();
    await shown();
    await user.type(searchField(), "weather{Enter}");
    await waitFor(() => expect(count()).toBe("15 vendors"));
    await new Promise((done) => setTimeout(done, 350));
    expect(marketplace.searches).toHaveLength(2);
  });

  it("CP-05 test_category_filter", async () => {
    const user = userEvent.setup();
    await shown();
    await user.click(screen.getByRole("button", { name: "finance 15" }));
    await waitFor(() => expect(count()).toBe("15 vendors"));
    expect(lastSearch()["category"]).toBe("finance");
    expect(new Set(cards().map((card) => within(card).getByText("finance").textContent))).toEqual(new Set(["finance"]));
    expect(screen.getByRole("button", { name: "finance 15" })).toHaveAttribute("aria-pressed", "true");
    expect(screen.getByRole("button", { name: "ai 15" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "All 45" }));
    await waitFor(() => expect(count()).toBe("20 of 45 vendors"));
  });

  it("CP-06 test_sort_dropdown", async () => {
    const user = userEvent.setup();
    await shown();
    expect(names()[0]).toBe("Vendor 1");
    await user.selectOptions(screen.getByRole("combobox", { name: "Sort" }), "Most used");
    await waitFor(() => expect(names()[0]).toBe("Vendor 45"));
    expect(lastSearch()["sort"]).toBe("popular");
  });

  it("CP-07 test_load_more", async () => {
    const user = userEvent.setup();
    await shown();
    await user.click(screen.getByRole("button", { name: "Load 20 more" }));
    await waitFor(() => expect(count()).toBe("40 of 45 vendors"));
    expect(lastSearch()).toEqual({ limit: "20", offset: "20" });
    expect(names().slice(0, 3)).toEqual(["Vendor 1", "Vendor 2", "Vendor 3"]);
    expect(screen.getAllByRole("listitem")[0]).toHaveAttribute("aria-setsize", "45");
    await user.click(screen.getByRole("button", { name: "Load 5 more" }));
    await waitFor(() => expect(count()).toBe("45 vendors"));
    expect(screen.queryByRole("button", { name: /^Load/ })).not.toBeInTheDocument();
    expect(window.location.search).toBe("?shown=60");
    expect(screen.getByText("That is all.")).toBeVisible();
  });

  it("CP-07 loads more after a search that was taken back before its answer", async () => {
    const user = userEvent.setup();
    await shown();
    let release = () => undefined as void;
    const held = new Promise<void>((done) => (release = done));
    server.use(
      onSearch(async (query) => {
        if (query.get("category") === "ai") await held;
        return HttpResponse.json(marketplace.search(query));
      }),
    );
    await user.click(pill("ai 15"));
    await waitFor(() => expect(lastSearch()["category"]).toBe("ai"));
    await user.click(pill("ai 15"));
    await user.click(await screen.findByRole("button", { name: "Load 20 more" }));
    await waitFor(() => expect(count()).toBe("40 of 45 vendors"));
    release();
  });

  it("CP-07 ends at the most that an address can say, and says so", async () => {
    const user = userEvent.setup();
    const page = vendors(100);
    server.use(
      onSearch((query) => {
        const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
        const listed = page.slice(0, limit).map((vendor) => ({ ...vendor, id: vendor.id + offset }));
        return HttpResponse.json({ vendors: listed, total: 10_500, hasMore: true, categories: [] });
      }),
    );
    await shown("/marketplace?shown=9990");
    await waitFor(() => expect(count()).toBe("9,990 of 10,500 vendors"));
    await user.click(screen.getByRole("button", { name: "Load 10 more" }));
    await waitFor(() => expect(count()).toBe("10,000 of 10,500 vendors"));
    expect(window.location.search).toBe("?shown=10000");
    expect(screen.queryByRole("button", { name: /^Load/ })).not.toBeInTheDocument();
    expect(screen.getByText(/No more than 10,000 are listed/)).toBeVisible();
  });

  it("CP-08 test_empty_state", async () => {
    const user = userEvent.setup();
    window.history.replaceState(null, "", "/marketplace?q=nothing-has-this&verified=true");
    render(<Marketplace />);
    expect(await screen.findByText("No vendors match")).toBeVisible();
    expect(count()).toBe("No vendors");
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(count()).toBe("20 of 45 vendors"));
    expect(searchField()).toHaveValue("");
    expect(window.location.search).toBe("");
  });

  it("CP-09 test_error_state", async () => {
    const user = userEvent.setup();
    server.use(onSearch(() => refusal(500, "internal_error", "secret detail")));
    render(<Marketplace />);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The marketplace has a problem");
    expect(alert).not.toHaveTextContent("secret detail");
    expect(cards()).toHaveLength(0);
    expect(await violations()).toEqual([]);
    server.resetHandlers();
    await user.click(screen.getByRole("button", { name: "Retry" }));
    await waitFor(() => expect(cards().length).toBeGreaterThan(0));
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  it.each([
    ["nothing answers", () => HttpResponse.error(), "cannot be reached"],
    ["too many requests", () => refusal(429, "rate_limited", "slow", { "Retry-After": "17" }), "Try again in 17 s"],
    ["a refusal", () => refusal(400, "invalid_request", "q is too long"), "q is too long"],
    ["no JSON", () => HttpResponse.text("<html>", { status: 502 }), "It answered 502"],
    ["half a document", () => HttpResponse.text('{"vendors": ['), "cannot be reached"],
  ])("CP-09 explains %s", async (_, answer, words) => {
    server.use(onSearch(answer));
    render(<Marketplace />);
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
  });

  it("CP-09 keeps what is shown when more cannot be loaded", async () => {
    const user = userEvent.setup();
    await shown();
    server.use(onSearch(() => refusal(503, "unavailable", "away")));
    await user.click(screen.getByRole("button", { name: "Load 20 more" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(names()[0]).toBe("Vendor 1");
    server.resetHandlers();
    await user.click(screen.getByRole("button", { name: "Retry" }));
    await waitFor(() => expect(count()).toBe("40 of 45 vendors"));
  });

  it("CP-10 test_modal_opens", async () => {
    const user = userEvent.setup();
    await shown();
    await user.click(screen.getByRole("link", { name: "Vendor 3" }));
    const dialog = await screen.findByRole("dialog", { name: "Vendor 3" });
    expect(within(dialog).getByText("What vendor 3 does")).toBeVisible();
    expect(window.location.pathname).toBe("/marketplace/vendor-3");
    await within(dialog).findByText("Of 3 checks: 1 up, 1 degraded, 1 down.");
    expect(await violations()).toEqual([]);
  });
});

/** Leaves every search without an answer; the signals of those that were asked. */
function heldSearches(): AbortSignal[] {
  const signals: AbortSignal[] = [];
  server.use(
    onSearch((_, { signal }) => {
      signals.push(signal);
      return delay("infinite").then(() => HttpResponse.json({}));
    }),
  );
  return signals;
}

describe("answers and their order", () => {
  it("drops an answer that a later search has overtaken", async () => {
    const user = userEvent.setup();
    await shown();
    let release = () => undefined as void;
    const held = new Promise<void>((done) => (release = done));
    let late = 0;
    server.use(
      onSearch(async (query) => {
        if (query.get("category") === "ai") await held.then(() => (late += 1));
        return HttpResponse.json(marketplace.search(query));
      }),
    );
    const shownIn = (category: string) => within(screen.getByRole("list", { name: "Vendors" })).queryAllByText(category);
    await user.click(screen.getByRole("button", { name: "ai 15" }));
    await user.click(screen.getByRole("button", { name: "finance 15" }));
    await waitFor(() => expect(shownIn("finance")).toHaveLength(cards().length));
    release();
    await waitFor(() => expect(late).toBe(1));
    await act(() => new Promise((done) => setTimeout(done, 100)));
    expect(shownIn("finance")).toHaveLength(cards().length);
    expect(shownIn("ai")).toHaveLength(0);
  });

  it("aborts the request of a search that a later one has overtaken", async () => {
    const user = userEvent.setup();
    await shown();
    const signals = heldSearches();
    await user.click(pill("ai 15"));
    await waitFor(() => expect(signals).toHaveLength(1));
    expect(signals[0]?.aborted).toBe(false);
    await user.click(pill("finance 15"));
    await waitFor(() => expect(signals).toHaveLength(2));
    await waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]));
  });

  it("aborts a request in flight when it is left, and leaves quietly", async () => {
    const complaints = vi.spyOn(console, "error");
    const rejected = vi.fn();
    process.on("unhandledRejection", rejected);
    const signals = heldSearches();
    const page = render(<Marketplace />);
    await waitFor(() => expect(signals).toHaveLength(1));
    page.unmount();
    await waitFor(() => expect(signals[0]?.aborted).toBe(true));
    await new Promise((done) => setTimeout(done, 0));
    process.off("unhandledRejection", rejected);
    expect(rejected).not.toHaveBeenCalled();
    expect(complaints).not.toHaveBeenCalled();
  });

  it("works under StrictMode, which mounts twice", async () => {
    render(
      <StrictMode>
        <Marketplace />
      </StrictMode>,
    );
    await waitFor(() => expect(count()).toBe("20 of 45 vendors"));
    expect(new Set(names()).size).toBe(cards().length);
  });

  it("shows nobody twice when the catalogue moves between two pages", async () => {
    const user = userEvent.setup();
    await shown();
    marketplace.catalogue = [aVendor({ id: 99, ratingScore: 5, serviceName: "Newcomer" }), ...vendors(45)];
    await user.click(screen.getByRole("button", { name: "Load 20 more" }));
    await waitFor(() => expect(marketplace.searches).toHaveLength(2));
    await waitFor(() => expect(count()).toBe("39 of 46 vendors"));
  });
});

describe("state in the address", () => {
  it("asks for what the address says", async () => {
    window.history.replaceState(
      null,
      "",
      "/marketplace?q=vendor&category=ai&tags=radar,hourly&sort=fastest&min_uptime=99&min_rating=4&max_latency=1000&verified=true",
    );
    await shown(window.location.pathname + window.location.search);
    expect(lastSearch()).toEqual({
      q: "vendor", category: "ai", tags: "radar,hourly", sort: "fastest",
      min_uptime: "99", min_rating: "4", max_latency: "1000", verified: "true", limit: "20", offset: "0",
    });
    expect(searchField()).toHaveValue("vendor");
    expect(screen.getByRole("combobox", { name: "Uptime" })).toHaveValue("99");
    expect(screen.getByRole("checkbox", { name: "Verified only" })).toBeChecked();
  });

  it("asks in the largest pages for a long list that is shared", async () => {
    marketplace.catalogue = vendors(230);
    await shown("/marketplace?shown=140");
    await waitFor(() => expect(count()).toBe("140 of 230 vendors"));
    const pages = marketplace.searches.map((query) => [query.get("limit"), query.get("offset")]);
    expect(pages).toEqual([["100", "0"], ["40", "100"]]);
  });

  it("goes back to the search before", async () => {
    const user = userEvent.setup();
    await shown();
    await user.click(screen.getByRole("button", { name: "ai 15" }));
    await waitFor(() => expect(window.location.search).toBe("?category=ai"));
    await user.type(searchField(), "vendor{Enter}");
    await waitFor(() => expect(window.location.search).toBe("?q=vendor&category=ai"));
    act(() => window.history.back());
    await waitFor(() => expect(window.location.search).toBe("?category=ai"));
    await waitFor(() => expect(searchField()).toHaveValue(""));
    await waitFor(() => expect(count()).toBe("15 vendors"));
  });

  it("filters by uptime, rating, latency, tags and verification", async () => {
    const user = userEvent.setup();
    await shown();
    await user.selectOptions(screen.getByRole("combobox", { name: "Uptime" }), "at least 99%");
    await user.selectOptions(screen.getByRole("combobox", { name: "Rating" }), "at least 4");
    await user.selectOptions(screen.getByRole("combobox", { name: "Latency" }), "at most 1000 ms");
    await user.type(screen.getByRole("textbox", { name: "Tags" }), "radar, hourly{Enter}");
    await user.click(screen.getByRole("checkbox", { name: "Verified only" }));
    await waitFor(() =>
      expect(lastSearch()).toMatchObject({
        min_uptime: "99", min_rating: "4", max_latency: "1000", tags: "radar,hourly", verified: "true",
      }),
    );
    expect(screen.getByRole("button", { name: "Filters (6)" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Remove the tag radar" }));
    await waitFor(() => expect(lastSearch()["tags"]).toBe("hourly"));
    await user.selectOptions(screen.getByRole("combobox", { name: "Uptime" }), "any");
    await waitFor(() => expect(lastSearch()["min_uptime"]).toBeUndefined());
    await user.click(screen.getByRole("button", { name: "Reset all" }));
    await waitFor(() => expect(window.location.search).toBe(""));
  });
});

describe("the keyboard", () => {
  it("goes to the search with a slash, and through the cards with the arrows", async () => {
    const user = userEvent.setup();
    await shown();
    await user.keyboard("/");
    expect(searchField()).toHaveFocus();
    expect(searchField()).toHaveValue("");
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Vendor 1" })).toHaveFocus());
    await user.keyboard("{ArrowDown}{ArrowDown}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Vendor 3" })).toHaveFocus());
    await user.keyboard("{ArrowUp}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Vendor 2" })).toHaveFocus());
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Vendor 2" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Vendor 2" })).toHaveFocus());
    await user.keyboard("{ArrowUp}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Vendor 1" })).toHaveFocus());
    await user.keyboard("{ArrowUp}");
    await waitFor(() => expect(searchField()).toHaveFocus());
  });

  it("completes names with the arrows and Enter", async () => {
    const user = userEvent.setup();
    await shown();
    await user.type(searchField(), "vendor 1");
    const list = await screen.findByRole("listbox", { name: "Suggestions" });
    expect(within(list).getAllByRole("option")).toHaveLength(3);
    expect(searchField()).toHaveAttribute("aria-expanded", "true");
    expect(await violations()).toEqual([]);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(within(list).getAllByRole("option")[1]).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Vendor 10" })).toBeVisible();
    expect(marketplace.quick).toEqual(["vendor 1"]);
  });

  it("closes the suggestions with Escape, and then empties the field", async () => {
    const user = userEvent.setup();
    await shown();
    await user.type(searchField(), "vendor");
    await screen.findByRole("listbox", { name: "Suggestions" });
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("listbox", { name: "Suggestions" })).not.toBeInTheDocument();
    await user.keyboard("{Escape}");
    expect(searchField()).toHaveValue("");
  });

  it("goes to the search with a slash from a checkbox, which takes no text", async () => {
    const user = userEvent.setup();
    await shown();
    await user.click(screen.getByRole("checkbox", { name: "Verified only" }));
    await user.keyboard("/");
    expect(searchField()).toHaveFocus();
    expect(searchField()).toHaveValue("");
  });

  it("leaves a slash in a field alone", async () => {
    const user = userEvent.setup();
    await shown();
    await user.type(screen.getByRole("textbox", { name: "Tags" }), "a/b");
    expect(screen.getByRole("textbox", { name: "Tags" })).toHaveValue("a/b");
  });
});

describe("the counts of the categories", () => {
  it("are not told before an answer", async () => {
    heldSearches();
    window.history.replaceState(null, "", "/marketplace?category=ai");
    render(<Marketplace />);
    expect(pillNames()).toEqual(["All", "ai"]);
  });

  it("stay as they were last told when a search fails", async () => {
    const user = userEvent.setup();
    await shown();
    server.use(onSearch(() => refusal(503, "unavailable", "away")));
    await user.click(pill("ai 15"));
    await screen.findByRole("alert");
    expect(pillNames()).toEqual(["All 45", "ai 15", "finance 15", "weather 15"]);
  });
});

describe("the focus, where what had it leaves the page", () => {
  it("goes to the search from what empties it", async () => {
    const user = userEvent.setup();
    await shown();
    await user.type(searchField(), "vendor");
    await user.click(pill("Clear the search"));
    expect(searchField()).toHaveFocus();
    expect(searchField()).toHaveValue("");
  });

  it("goes to the field of tags from a tag that is removed", async () => {
    const user = userEvent.setup();
    await shown("/marketplace?tags=radar");
    await user.click(pill("Remove the tag radar"));
    expect(screen.queryByRole("list", { name: "Chosen tags" })).not.toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: "Tags" })).toHaveFocus();
  });

  it("goes to the filters from what resets them all", async () => {
    const user = userEvent.setup();
    await shown("/marketplace?verified=true");
    await user.click(pill("Reset all"));
    expect(screen.queryByRole("button", { name: "Reset all" })).not.toBeInTheDocument();
    expect(screen.getByRole("complementary", { name: "Narrow the list" })).toHaveFocus();
  });

  it("goes to the categories from one that is in none of the answers", async () => {
    const user = userEvent.setup();
    window.history.replaceState(null, "", "/marketplace?category=none");
    render(<Marketplace />);
    await user.click(await screen.findByRole("button", { name: "none 0" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: /^none/ })).not.toBeInTheDocument());
    expect(screen.getByRole("group", { name: "Categories" })).toHaveFocus();
  });

  it("goes to the results from what clears the filters", async () => {
    const user = userEvent.setup();
    window.history.replaceState(null, "", "/marketplace?q=nothing-has-this");
    render(<Marketplace />);
    await user.click(await screen.findByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(cards().length).toBeGreaterThan(0));
    expect(results()).toHaveFocus();
  });

  it("goes to the results from what tries again", async () => {
    const user = userEvent.setup();
    server.use(onSearch(() => refusal(503, "unavailable", "away")));
    render(<Marketplace />);
    const retry = await screen.findByRole("button", { name: "Retry" });
    server.resetHandlers();
    await user.click(retry);
    expect(results()).toHaveFocus();
  });

  it("stays at the end of the list when all is loaded", async () => {
    const user = userEvent.setup();
    await shown("/marketplace?shown=40");
    await user.click(await screen.findByRole("button", { name: "Load 5 more" }));
    const end = await screen.findByText("That is all.");
    expect(end.parentElement).toHaveFocus();
  });
});

describe("long lists (PRF-04)", () => {
  it("keeps few of many cards in the document", async () => {
    marketplace.catalogue = vendors(1000);
    await shown("/marketplace?shown=1000");
    await waitFor(() => expect(count()).toBe("1,000 vendors"));
    expect(cards().length).toBeGreaterThan(5);
    expect(cards().length).toBeLessThan(60);
  });
});

describe("around the list", () => {
  it("shows the featured vendors in their order until something is searched", async () => {
    const user = userEvent.setup();
    marketplace.featured = [aVendor({ id: 5, serviceName: "First" }), aVendor({ id: 3, serviceName: "Second" })];
    await shown();
    const row = await screen.findByRole("region", { name: "Featured" });
    await waitFor(() => expect(within(row).getAllByRole("link")).toHaveLength(2));
    expect(within(row).getAllByRole("link")[0]).toHaveTextContent("First");
    expect(await violations()).toEqual([]);
    await user.click(within(row).getByRole("link", { name: /^First/ }));
    expect(await screen.findByRole("dialog", { name: "Vendor 5" })).toBeVisible();
    await user.keyboard("{Escape}");
    await user.click(await screen.findByRole("button", { name: "ai 15" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Featured" })).not.toBeInTheDocument());
  });

  it("changes the theme, and keeps it", async () => {
    const user = userEvent.setup();
    await shown();
    await user.click(screen.getByRole("button", { name: "Use the light theme" }));
    expect(document.documentElement).toHaveAttribute("data-theme", "light");
    expect(window.localStorage.getItem("marketplace-theme")).toBe("light");
    await user.click(screen.getByRole("button", { name: "Use the dark theme" }));
    expect(document.documentElement).toHaveAttribute("data-theme", "dark");
  });

  it("opens and closes the filters where they are folded", async () => {
    const user = userEvent.setup();
    await shown();
    const toggle = screen.getByRole("button", { name: "Filters" });
    await user.click(toggle);
    expect(toggle).toHaveAttribute("aria-expanded", "true");
  });

  it("shows an empty marketplace as one", async () => {
    marketplace.catalogue = [];
    render(<Marketplace />);
    expect(await screen.findByText("No vendors yet")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Clear filters" })).not.toBeInTheDocument();
  });
});
