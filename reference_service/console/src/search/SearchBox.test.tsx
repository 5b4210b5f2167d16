import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { SearchBox } from "./SearchBox";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function box() {
  const onSearch = vi.fn();
  render(<SearchBox q="" onSearch={onSearch} onOpen={() => undefined} onLeave={() => undefined} />);
  const type = (value: string) => fireEvent.change(screen.getByRole("combobox"), { target: { value } });
  const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));
  const press = (key: string) => fireEvent.keyDown(screen.getByRole("combobox"), { key });
  return { onSearch, type, press, wait };
}

it("CP-04 waits 300 ms after the last key, and searches once", () => {
  const { onSearch, type, wait } = box();
  type("w");
  wait(299);
  type("we");
  wait(299);
  expect(onSearch).not.toHaveBeenCalled();
  wait(1);
  expect(onSearch).toHaveBeenCalledExactlyOnceWith("we");
  wait(5000);
  expect(onSearch).toHaveBeenCalledTimes(1);
});

it("CP-04 searches for nothing anew that it searches for already", () => {
  const { onSearch, type, wait } = box();
  type("we");
  wait(300);
  type("we ");
  wait(300);
  expect(onSearch).toHaveBeenCalledTimes(1);
});

it("searches for what the field says at last, however soon after Enter it was emptied", () => {
  const { onSearch, type, press, wait } = box();
  type("we");
  press("Enter");
  expect(onSearch).toHaveBeenLastCalledWith("we");
  press("Escape");
  wait(300);
  expect(screen.getByRole("combobox")).toHaveValue("");
  expect(onSearch).toHaveBeenLastCalledWith("");
});
