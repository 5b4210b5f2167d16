import { memo, useRef, useState, type FormEvent } from "react";

import { splitTags, type View } from "../view/view";
import { Choice } from "./Choice";

interface Props {
  view: View;
  onFilter: (filters: Partial<View>) => void;
}

const UPTIMES = [99.9, 99.5, 99, 95];
const RATINGS = [4.5, 4, 3, 2];
const LATENCIES = [50, 100, 250, 500, 1000];

/** What a vendor must measure up to. */
export const Filters = memo(function Filters({ view, onFilter }: Props) {
  return (
    <div className="filters" role="group" aria-label="Filters">
      <Choice
        label="Uptime"
        value={view.minUptime}
        choices={UPTIMES}
        text={(percent) => `at least ${percent}%`}
        onChoose={(minUptime) => onFilter({ minUptime })}
      />
      <Choice
        label="Rating"
        value={view.minRating}
        choices={RATINGS}
        text={(rating) => `at least ${rating}`}
        onChoose={(minRating) => onFilter({ minRating })}
      />
      <Choice
        label="Latency"
        value={view.maxLatency}
        choices={LATENCIES}
        text={(latency) => `at most ${latency} ms`}
        onChoose={(maxLatency) => onFilter({ maxLatency })}
      />
      <Tags tags={view.tags} onChange={(tags) => onFilter({ tags })} />
      <label className="check">
        <input
          type="checkbox"
          checked={view.verified}
          onChange={(event) => onFilter({ verified: event.target.checked })}
        />
        Verified only
      </label>
    </div>
  );
});

function Tags({ tags, onChange }: { tags: string[]; onChange: (tags: string[]) => void }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    setText("");
    onChange([...new Set([...tags, ...splitTags(text)])]);
  };
  const remove = (tag: string) => {
    onChange(tags.filter((other) => other !== tag));
    field.current?.focus();
  };
  return (
    <div className="field">
      <form onSubmit={add}>
        <label>
          <span className="field__name">Tags</span>
          <input
            ref={field}
            type="text"
            className="control"
            value={text}
            maxLength={100}
            placeholder="Add a tag, Enter"
            enterKeyHint="done"
            autoCapitalize="none"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </form>
      {tags.length > 0 && (
        <ul className="tags" aria-label="Chosen tags">
          {tags.map((tag) => (
            <li key={tag}>
              <button
                type="button"
                className="tag"
                aria-label={`Remove the tag ${tag}`}
                onClick={() => remove(tag)}
              >
                {tag} <span aria-hidden="true">✕</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
