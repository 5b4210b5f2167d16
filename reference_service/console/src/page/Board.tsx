import { useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import {
  memo,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";
import { flushSync } from "react-dom";

import type { Vendor } from "../api/types";
import { useMedia } from "../shared/useMedia";
import { VendorCard } from "../vendor/VendorCard";

/** Heights of a card in rem, as in board.css. */
const WIDE_ROW = 4.25;
const MIDDLE_ROW = 7;
const NARROW_ROW = 9.5;
const WIDE = "(min-width: 64rem)";
const MIDDLE = "(min-width: 40rem)";
const BEYOND = 4;
const STEP = 2; // rows that come at once
const COLUMNS = ["Uptime", "Latency", "Rating", "Requests", "Success", "Price"];

interface Props {
  vendors: Vendor[];
  total: number;
  stale: boolean;
  onOpen: (vendor: Vendor) => void;
  /** Filled with what moves the focus to the first card. */
  enter: RefObject<() => void>;
  /** Arrow up on the first card. */
  onLeave: () => void;
}

/** The vendors, of whom only those near the window are in the document. */
export function Board({ vendors, total, stale, onOpen, enter, onLeave }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState<number>();
  const row = useRowHeight();
  const margin = useOffset(list);
  const rows = useWindowVirtualizer({
    count: vendors.length,
    estimateSize: () => row,
    overscan: BEYOND,
    scrollMargin: margin,
    scrollPaddingStart: row * 2,
    scrollPaddingEnd: row,
    rangeExtractor: useShown(row, focused),
    // The browser may paint between two events of a scroll: what comes into view is drawn ahead.
    useFlushSync: false,
  });
  useEffect(() => rows.measure(), [rows, row]);

  const focus = useCallback(
    (index: number) => {
      // At once, so that the next key finds the focus here.
      flushSync(() => setFocused(index));
      linkIn(list.current, index)?.focus({ preventScroll: true });
      rows.scrollToIndex(index);
    },
    [rows],
  );
  useEffect(() => {
    enter.current = () => vendors.length > 0 && focus(0);
  }, [enter, focus, vendors.length]);

  const items = rows.getVirtualItems();
  const cards = useMemo(
    () =>
      items.map(({ index, start }) => {
        const vendor = vendors[index];
        // By its place: another search changes words in the cards that are there, which is cheaper than new cards.
        return vendor && <Row key={index} {...{ vendor, index, total, onOpen }} top={start - margin} />;
      }),
    [items, vendors, total, onOpen, margin],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = indexOf(event.target);
    if (step === undefined || at === undefined) return;
    event.preventDefault();
    if (at + step < 0) onLeave();
    else if (at + step < vendors.length) focus(at + step);
  };
  return (
    <div className="board" data-stale={stale || undefined} aria-busy={stale}>
      <div className="board__columns" aria-hidden="true">
        <span className="board__vendor">Vendor</span>
        {COLUMNS.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul
        ref={list}
        className="board__rows"
        aria-label="Vendors"
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={(event) => setFocused(indexOf(event.target))}
        onBlur={() => setFocused(undefined)}
      >
        {cards}
      </ul>
    </div>
  );
}

interface RowProps {
  vendor: Vendor;
  index: number;
  total: number;
  /** Pixels below the list's top. */
  top: number;
  onOpen: (vendor: Vendor) => void;
}

const Row = memo(function Row({ vendor, index, total, top, onOpen }: RowProps) {
  return (
    <li
      className="board__row"
      data-index={index}
      aria-posinset={index + 1}
      aria-setsize={total}
      style={{ top }}
    >
      <VendorCard vendor={vendor} onClick={onOpen} />
    </li>
  );
});

/** Which rows are shown for a range: the array of before where they are the same, which renders nothing. */
function useShown(row: number, focused: number | undefined): (range: Range) => number[] {
  const before = useRef<number[]>([]);
  return useCallback(
    (range: Range) => {
      const shown = withFocused(near(range, Math.ceil(window.innerHeight / row)), range.count, focused);
      if (!isSame(shown, before.current)) before.current = shown;
      return before.current;
    },
    [row, focused],
  );
}

function isSame(one: number[], other: number[]): boolean {
  return one.length === other.length && one.every((index, place) => index === other[place]);
}

/**
 * The rows in the window and a few beyond, by twos, and always as many, so that they come in the same frame in which
 * others go: a frame that changes anything costs much, and one row more little.
 */
function near({ startIndex, count }: Range, visible: number): number[] {
  const at = startIndex - (startIndex % STEP);
  const first = Math.max(0, at - BEYOND);
  const last = Math.min(count, at + visible + STEP + BEYOND);
  return Array.from({ length: Math.max(0, last - first) }, (_, place) => first + place);
}

/** What has the focus stays in the document, however far it is scrolled away. */
function withFocused(shown: number[], count: number, focused: number | undefined): number[] {
  if (focused === undefined || focused >= count || shown.includes(focused)) return shown;
  return [...shown, focused].sort((a, b) => a - b);
}

function indexOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return row ? Number(row.dataset["index"]) : undefined;
}

function linkIn(list: HTMLElement | null, index: number): HTMLElement | null | undefined {
  return list?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
}

function useRowHeight(): number {
  const wide = useMedia(WIDE);
  const middle = useMedia(MIDDLE);
  const [rem, setRem] = useState(16);
  useLayoutEffect(() => {
    setRem(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);
  }, []);
  return (wide ? WIDE_ROW : middle ? MIDDLE_ROW : NARROW_ROW) * rem;
}

/** How far the list begins below the document's top, in pixels. */
function useOffset(list: RefObject<HTMLElement | null>): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      setOffset(Math.round(top + window.scrollY));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, [list]);
  return offset;
}
