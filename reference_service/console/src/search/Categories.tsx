import { memo } from "react";

import type { CategoryCount } from "../api/types";
import { formatCount } from "../shared/formats";

interface Props {
  facets: CategoryCount[];
  chosen: string;
  onChoose: (category: string) => void;
}

/** The categories that the other filters leave, each with its number of vendors. */
export const Categories = memo(function Categories({ facets, chosen, onChoose }: Props) {
  const all = facets.reduce((sum, { count }) => sum + count, 0);
  const missing = chosen !== "" && !facets.some(({ category }) => category === chosen);
  const shown = missing ? [{ category: chosen, count: 0 }, ...facets] : facets;
  return (
    <div role="group" aria-label="Categories" className="pills">
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
  count: number;
  pressed: boolean;
  onClick: () => void;
}

function Pill({ name, count, pressed, onClick }: PillProps) {
  return (
    <button type="button" className="pill" aria-pressed={pressed} onClick={onClick}>
      <span className="pill__name">{name}</span> <span className="pill__count">{formatCount(count)}</span>
    </button>
  );
}
