import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Marketplace } from "../page/Marketplace";
import { marketplace, onDetails, refusal } from "../testing/marketplace";
import { server } from "../testing/server";
import { violations } from "../testing/audit";
import { detailsOf, vendors } from "../testing/vendors";

async function opened(slug = "vendor-3", name = "Vendor 3") {
  window.history.replaceState(null, "", `/marketplace/${slug}`);
  render(<Marketplace />);
  const dialog = await screen.findByRole("dialog", { name });
  await within(dialog).findByRole("heading", { name: /Metrics/ });
  return within(dialog);
}

const term = (dialog: ReturnType<typeof within>, name: string) =>
  dialog.getByText(name, { selector: "dt" }).nextElementSibling;

describe("the detail modal", () => {
  it("opens by its own address, and names the page", async () => {
    const dialog = await opened();
    expect(document.title).toBe("Vendor 3 · Marketplace");
    expect(dialog.getByText("What vendor 3 does")).toBeVisible();
    expect(term(dialog, "Latency, p99")).toHaveTextContent("1.5 s");
    expect(term(dialog, "Revenue")).toHaveTextContent("$1.2M");
    expect(term(dialog, "Last request")).toHaveTextContent("never");
    expect(dialog.getByText("3 min. ago")).toHaveAttribute("datetime");
    expect(dialog.queryByText(/out of date/)).not.toBeInTheDocument();
  });

  it("says where the measurement is old, or none", async () => {
    const [vendor] = vendors(1);
    const { metrics } = detailsOf(vendor!);
    marketplace.details = { metrics: { ...metrics, updatedAt: "2026-01-01T00:00:00Z" } };
    const dialog = await opened();
    expect(dialog.getByText(/out of date/)).toBeVisible();
  });

  it("tells the uptime history in words", async () => {
    const dialog = await opened();
    const bars = await dialog.findByRole("list", { name: "Checks, oldest first" });
    expect(within(bars).getAllByRole("listitem").map((bar) => bar.textContent)).toEqual([
      "1 Mar 2026, 12:01 UTC: up, 45 ms, HTTP 200",
      "1 Mar 2026, 12:02 UTC: degraded, 80 ms, HTTP 404",
      "1 Mar 2026, 12:03 UTC: down, timeout",
    ]);
  });

  it("says so where nothing was checked", async () => {
    marketplace.checks = [];
    const dialog = await opened();
    expect(await dialog.findByText("Not checked yet.")).toBeVisible();
  });

  it("lists endpoints with their prices, the vendor's where they have none", async () => {
    const dialog = await opened();
    const rows = dialog.getAllByRole("row").slice(1);
    expect(rows[0]).toHaveTextContent("GET/v1/forecastForecast By the hour$0.02");
    expect(rows[1]).toHaveTextContent("POST/v1/alertsAlerts$0.0001");
  });

  it("says so where no endpoint is listed", async () => {
    marketplace.details = { endpoints: [], websiteUrl: "javascript:alert(1)", tags: [] };
    const dialog = await opened();
    expect(dialog.getByText(/None are listed/)).toHaveTextContent("$0.0001");
    expect(dialog.queryByRole("link", { name: "Website" })).not.toBeInTheDocument();
  });

  it.each([
    ["curl", "curl --fail 'http://localhost:3000/v1/marketplace/vendors/vendor-3'"],
    ["Python", "import requests"],
    ["JavaScript", "await fetch("],
  ])("copies the request as %s", async (language, text) => {
    const user = userEvent.setup();
    const dialog = await opened();
    await user.click(dialog.getByRole("button", { name: language }));
    await user.click(dialog.getByRole("button", { name: `Copy ${language}` }));
    expect(await dialog.findByText("Copied")).toBeVisible();
    expect(await navigator.clipboard.readText()).toContain(text);
  });

  it("selects the request where there is no clipboard", async () => {
    const user = userEvent.setup();
    const dialog = await opened();
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("forbidden"));
    await user.click(dialog.getByRole("button", { name: "Copy curl" }));
    expect(await dialog.findByText(/Selected/)).toBeVisible();
    expect(window.getSelection()?.toString()).toContain("curl --fail");
  });

  it("keeps the focus inside, and gives it back", async () => {
    const user = userEvent.setup();
    render(<Marketplace />);
    const link = await screen.findByRole("link", { name: "Vendor 2" });
    await user.click(link);
    const dialog = await screen.findByRole("dialog", { name: "Vendor 2" });
    await within(dialog).findByRole("heading", { name: /Metrics/ });
    for (let stop = 0; stop < 25; stop += 1) {
      await user.tab();
      expect(dialog).toContainElement(document.activeElement as HTMLElement);
    }
    await user.tab({ shift: true });
    expect(dialog).toContainElement(document.activeElement as HTMLElement);
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(screen.getByRole("link", { name: "Vendor 2" })).toHaveFocus();
    expect(window.location.pathname).toBe("/marketplace");
    expect(document.title).toBe("Marketplace");
  });

  it("closes on Escape where it was opened by its address", async () => {
    const user = userEvent.setup();
    await opened();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(window.location.pathname).toBe("/marketplace");
    expect(screen.getByRole("combobox", { name: "Search vendors" })).toHaveFocus();
  });

  it("leads from a tag to the vendors that have it", async () => {
    const user = userEvent.setup();
    const dialog = await opened();
    await user.click(dialog.getByRole("button", { name: "radar" }));
    await waitFor(() => expect(window.location.search).toBe("?tags=radar"));
    expect(window.location.pathname).toBe("/marketplace");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("explains a vendor that is not there", async () => {
    window.history.replaceState(null, "", "/marketplace/nobody");
    render(<Marketplace />);
    const dialog = await screen.findByRole("dialog", { name: "nobody" });
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("No such vendor");
    expect(await violations()).toEqual([]);
  });

  it("tries again after an error", async () => {
    const user = userEvent.setup();
    server.use(onDetails(() => refusal(500, "internal_error", "oops")));
    window.history.replaceState(null, "", "/marketplace/vendor-3");
    render(<Marketplace />);
    const dialog = await screen.findByRole("dialog", { name: "vendor-3" });
    await within(dialog).findByRole("alert");
    server.resetHandlers();
    await user.click(within(dialog).getByRole("button", { name: "Retry" }));
    expect(await screen.findByRole("dialog", { name: "Vendor 3" })).toBeVisible();
    expect(dialog).toHaveFocus();
    await user.tab();
    expect(within(dialog).getByRole("button", { name: "Close" })).toHaveFocus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("keeps its keys where nothing has the focus", async () => {
    const user = userEvent.setup();
    const dialog = await opened();
    (document.activeElement as HTMLElement).blur();
    expect(document.body).toHaveFocus();
    await user.tab();
    expect(dialog.getByRole("button", { name: "Close" })).toHaveFocus();
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });
});
