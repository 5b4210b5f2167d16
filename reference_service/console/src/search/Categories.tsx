import { memo } from "react";

import type { CategoryCount } from "../api/types";
import { formatCount } from "../shared/formats";
import { passFocusOn } from "../shared/passFocusOn";

interface Props {
  /** Nothing before the first answer. */
  facets: CategoryCount[] | undefined;
  chosen: string;
  onChoose: (category: string) => void;
}

/** The categories that the other filters leave, each with its number of vendors. */
export const Categories = memo(function Categories({ facets, chosen, onChoose }: Props) {
  const all = facets?.reduce((sum, { count }) => sum + count, 0);
  const known = facets ?? [];
  const missing = chosen !== "" && !known.some(({ category }) => category === chosen);
  const shown = missing ? [{ category: chosen, count: facets && 0 }, ...known] : known;
  return (
    <div role="group" aria-label="Categories" className="pills" tabIndex={-1}>
      <Pill name="All" count={all} pressed={chosen === ""} onClick={() => onChoose("")} />
      {shown.map(({ category, count }) => (
        <Pill
          key={category}
          name={category}
          count={count}
          pressed={category === chosen}
          onClick={() => onChoose(category === chosen ? "" : category)}
        />
      ))}
    </div>
  );
});

interface PillProps {
  name: string;
  count: number | undefined;
  pressed: boolean;
  onClick: () => void;
}

function Pill({ name, count, pressed, onClick }: PillProps) {
  return (
    <button ref={passFocusOn} type="button" className="pill" aria-pressed={pressed} onClick={onClick}>
      <span className="pill__name">{name}</span>
      {count !== undefined && (
        <>
          {" "}
          <span className="pill__count">{formatCount(count)}</span>
        </>
      )}
    </button>
  );
}
