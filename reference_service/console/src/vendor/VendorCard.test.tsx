import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { Vendor } from "../api/types";
import { aVendor } from "../testing/vendors";
import { violations } from "../testing/audit";
import { VendorCard } from "./VendorCard";

function card(given: Partial<Vendor> = {}) {
  const onClick = vi.fn();
  const vendor = aVendor(given);
  render(
    <main>
      <h2>Vendors</h2>
      <VendorCard vendor={vendor} onClick={onClick} />
    </main>,
  );
  return { onClick, vendor };
}

const figure = (name: string) => document.querySelector(`[data-name="${name}"]`);
const heard = () => screen.getByRole("img", { name: /^Uptime / });

describe("a vendor card", () => {
  it("VC-01 test_renders_vendor_data", async () => {
    card({
      serviceName: "Open Weather", category: "weather", uptimePct: 99.87, avgLatencyMs: 87.4, ratingScore: 4.75,
      totalRequests: 1234, successRate: 98.5,
    });
    expect(screen.getByRole("article", { name: "Open Weather" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Open Weather" })).toHaveAttribute("href", "/marketplace/vendor-1");
    expect(screen.getByText("weather")).toBeVisible();
    expect(figure("Uptime")).toHaveTextContent("99.87%");
    expect(figure("Latency")).toHaveTextContent("87 ms");
    expect(figure("Rating")).toHaveTextContent("4.8");
    expect(figure("Requests")).toHaveTextContent("1.2K");
    expect(figure("Success")).toHaveTextContent("98.50%");
    expect(figure("Price")).toHaveTextContent("$0.0001");
    expect(heard()).toHaveAccessibleName(
      "Uptime 99.87% (high), latency 87 ms, rating 4.8, requests 1.2K, success 98.50%, price $0.0001",
    );
    expect(await violations()).toEqual([]);
  });

  it("VC-01 says so where the latency was not measured", () => {
    card({ avgLatencyMs: 0 });
    expect(figure("Latency")).toHaveTextContent("—");
    expect(heard()).toHaveAccessibleName(/latency not measured yet/);
  });

  it("VC-01 shows text as text", () => {
    card({ serviceName: "<b>x</b>", description: "<img src=x onerror=alert(1)>" });
    expect(screen.getByRole("link", { name: "<b>x</b>" })).toBeVisible();
    expect(document.querySelector("article img")).toBeNull();
  });

  it("VC-02 test_verified_badge", () => {
    card({ isVerified: true });
    expect(screen.getByRole("img", { name: "Verified" })).toBeVisible();
  });

  it("VC-02 hides the badge of who is not verified", () => {
    card({ isVerified: false });
    expect(screen.queryByRole("img", { name: "Verified" })).not.toBeInTheDocument();
  });

  it.each([
    [100, "green", "high"],
    [99.51, "green", "high"],
    [99.5, "yellow", "fair"],
    [99.01, "yellow", "fair"],
    [99, "red", "low"],
    [98.99, "red", "low"],
    [0, "red", "low"],
  ])("VC-03 test_uptime_color: %f is %s", (uptimePct, level, word) => {
    card({ uptimePct });
    const shown = figure("Uptime");
    expect(shown).toHaveTextContent(`${uptimePct.toFixed(2)}%`);
    expect(shown).toHaveAttribute("data-level", level);
    expect(shown).toHaveClass(`level--${level}`);
    expect(heard()).toHaveAccessibleName(expect.stringContaining(`Uptime ${uptimePct.toFixed(2)}% (${word})`));
  });

  it("VC-04 test_click_handler", async () => {
    const { onClick, vendor } = card();
    await userEvent.setup().click(screen.getByRole("link", { name: "Vendor 1" }));
    expect(onClick).toHaveBeenCalledExactlyOnceWith(vendor);
  });

  it("VC-04 leaves a click for a new tab to the browser", () => {
    const { onClick } = card();
    fireEvent.click(screen.getByRole("link", { name: "Vendor 1" }), { ctrlKey: true });
    expect(onClick).not.toHaveBeenCalled();
  });

  it.each([
    [0.0001, "$0.0001"],
    [1.5, "$1.50"],
  ])("VC-05 test_price_formatting: %f", (defaultPriceUsd, text) => {
    card({ defaultPriceUsd });
    expect(figure("Price")).toHaveTextContent(text);
  });

  it.each([
    [1234, "1.2K"],
    [1234567, "1.2M"],
  ])("VC-06 test_request_formatting: %i", (totalRequests, text) => {
    card({ totalRequests });
    expect(figure("Requests")).toHaveTextContent(text);
  });

  it("PRF-04 loads its logo late, and shows an initial where there is none", () => {
    card({ logoUrl: `${window.location.origin}/logos/1.svg` });
    const logo = document.querySelector("img");
    expect(logo).toHaveAttribute("loading", "lazy");
    fireEvent.error(logo as Element);
    expect(screen.getByText("V", { selector: ".logo--initial" })).toBeInTheDocument();
  });

  it.each(["https://vendor.example/logo.svg", "javascript:alert(1)", "data:image/svg+xml,<svg/>", "//x", "logo.svg"])(
    "asks nobody else for a logo: %s",
    (logoUrl) => {
      card({ logoUrl });
      expect(document.querySelector("img")).toBeNull();
      expect(screen.getByText("V", { selector: ".logo--initial" })).toBeInTheDocument();
    },
  );

  it("PRF-04 is not rendered again for the same vendor", () => {
    const vendor = aVendor();
    const reads = vi.fn(() => "Vendor 1");
    Object.defineProperty(vendor, "serviceName", { get: reads });
    const onClick = () => undefined;
    const view = render(<VendorCard vendor={vendor} onClick={onClick} />);
    const before = reads.mock.calls.length;
    view.rerender(<VendorCard vendor={vendor} onClick={onClick} />);
    expect(reads.mock.calls.length).toBe(before);
  });
});
