import { useEffect, useId, useRef, type ReactNode, type RefObject } from "react";
import { createPortal } from "react-dom";

const REACHABLE = 'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]';

interface Props {
  title: string;
  heading?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page: keeps the focus, gives it back, and closes on Escape or a click beside it. */
export function Modal({ title, heading, onClose, children }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  useFocusReturned(panel);
  useKeys(panel, onClose);
  return createPortal(
    <div className="veil" onMouseDown={(event) => event.target === event.currentTarget && onClose()}>
      <div ref={panel} className="modal" role="dialog" aria-modal="true" aria-labelledby={id} tabIndex={-1}>
        <header className="modal__head">
          <div className="modal__title">
            <h2 id={id}>{title}</h2>
            {heading}
          </div>
          <button type="button" className="quiet-button" onClick={onClose} aria-label="Close">
            <span aria-hidden="true">✕</span>
          </button>
        </header>
        <div className="modal__body">{children}</div>
      </div>
    </div>,
    document.body,
  );
}

function useFocusReturned(panel: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
      else document.querySelector<HTMLElement>("[data-focus-fallback]")?.focus();
    };
  }, [panel]);
}

/** The dialog's keys work wherever the focus is: it alone can be used. */
function useKeys(panel: RefObject<HTMLDivElement | null>, onClose: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") onClose();
      else if (event.key === "Tab" && panel.current) keepInside(event, panel.current);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [panel, onClose]);
}

function keepInside(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = [...panel.querySelectorAll<HTMLElement>(REACHABLE)];
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first || !last) return;
  const at = document.activeElement;
  const outside = !panel.contains(at);
  if (event.shiftKey && (outside || at === first || at === panel)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (outside || at === last)) {
    event.preventDefault();
    first.focus();
  }
}
