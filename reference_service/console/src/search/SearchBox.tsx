import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { useDelayed } from "../shared/useDelayed";
import { formatRating } from "../shared/formats";
import { useSuggestions } from "./useSuggestions";

const WAIT_MS = 300;
const LONGEST = 200;

interface Props {
  q: string;
  onSearch: (q: string) => void;
  onOpen: (slug: string) => void;
  /** Arrow down where no suggestion is shown. */
  onLeave: () => void;
}

/** The search field, with names that complete what is typed. */
export function SearchBox({ q, onSearch, onOpen, onLeave }: Props) {
  const [text, setText] = useState(q);
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(-1);
  const sent = useRef(q);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const suggestions = useSuggestions(typed);
  const open = suggestions.length > 0;

  useEffect(() => {
    if (q === sent.current) return; // our own search came back
    sent.current = q;
    setText(q);
    setTyped("");
  }, [q]);

  const send = (value: string) => {
    const next = value.trim();
    if (next === sent.current) return;
    sent.current = next;
    onSearch(next);
  };
  useDelayed(text, WAIT_MS, (value) => {
    // Neither a text that came from the address nor one that was sent by Enter is typing.
    if (value.trim() === sent.current) return;
    setTyped(value);
    setActive(-1);
    send(value);
  });
  const close = () => {
    setTyped("");
    setActive(-1);
  };
  const empty = () => {
    setText("");
    field.current?.focus();
  };
  const choose = (index: number) => {
    const chosen = suggestions[index];
    close();
    if (chosen) onOpen(chosen.slug);
  };
  const onEnter = () => {
    if (open && active >= 0) choose(active);
    else {
      close();
      send(text);
    }
  };
  const onArrow = (step: 1 | -1) => {
    if (open) setActive((at) => (at + step + suggestions.length + 1) % (suggestions.length + 1));
    else if (step === 1) onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const act = {
      Enter: onEnter,
      ArrowDown: () => onArrow(1),
      ArrowUp: () => onArrow(-1),
      Escape: () => (open ? close() : empty()),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  // One past the last is the field itself.
  const marked = active >= 0 && active < suggestions.length ? active : -1;
  return (
    <form role="search" className="search" onSubmit={(event) => event.preventDefault()}>
      <input
        ref={field}
        type="text"
        role="combobox"
        data-focus-fallback
        aria-label="Search vendors"
        aria-keyshortcuts="/"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={list}
        aria-activedescendant={marked >= 0 ? `${list}-${marked}` : undefined}
        placeholder="Search names, descriptions, tags"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      {text === "" ? (
        <kbd className="search__hint" aria-hidden="true">
          /
        </kbd>
      ) : (
        <button type="button" className="search__clear" aria-label="Clear the search" onClick={empty}>
          <span aria-hidden="true">✕</span>
        </button>
      )}
      <ul id={list} role="listbox" aria-label="Suggestions" className="suggestions" hidden={!open}>
        {suggestions.map((suggestion, index) => (
          <li
            key={suggestion.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === marked}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
          >
            <span className="suggestions__name">{suggestion.serviceName}</span>
            <span className="card__category">{suggestion.category}</span>
            <span className="mono">{formatRating(suggestion.rating)}</span>
          </li>
        ))}
      </ul>
    </form>
  );
}
