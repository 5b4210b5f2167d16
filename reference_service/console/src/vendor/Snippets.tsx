import { useRef, useState } from "react";

import { LANGUAGES, snippet, type Language } from "./snippets";

/** The request for this vendor, to be copied. */
export function Snippets({ slug }: { slug: string }) {
  const [language, setLanguage] = useState<Language>("curl");
  const [said, setSaid] = useState("");
  const shown = useRef<HTMLPreElement>(null);
  const text = snippet(language, window.location.origin, slug);

  const choose = (next: Language) => {
    setLanguage(next);
    setSaid("");
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      // No clipboard for this page: the text is selected, and a person's own copy does the rest.
      if (shown.current) window.getSelection()?.selectAllChildren(shown.current);
      setSaid("Selected: copy it with your keyboard");
    }
  };
  return (
    <section className="detail-section" aria-labelledby="snippets-title">
      <h3 id="snippets-title">Use it from code</h3>
      <div className="snippets__bar">
        <div role="group" aria-label="Language" className="segments">
          {LANGUAGES.map((name) => (
            <button key={name} type="button" aria-pressed={name === language} onClick={() => choose(name)}>
              {name}
            </button>
          ))}
        </div>
        <span role="status" className="muted">
          {said}
        </span>
        <button type="button" className="button" onClick={() => void copy()}>
          Copy {language}
        </button>
      </div>
      <pre ref={shown} className="snippet" tabIndex={0} aria-label={`Request in ${language}`}>
        {text}
      </pre>
    </section>
  );
}
