/** What a browser's window has and jsdom's has not: media queries, sizes that change, scrolling. */
export const media = { light: false, wide: true };

class NothingResizes implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

export function installWindow(): void {
  media.light = false;
  media.wide = true;
  window.ResizeObserver = NothingResizes;
  window.scrollTo = () => undefined;
  window.matchMedia = (query) =>
    Object.assign(new EventTarget(), {
      media: query,
      matches: query.includes("light") ? media.light : query.includes("min-width") && media.wide,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    }) as MediaQueryList;
}
