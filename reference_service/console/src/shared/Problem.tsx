import { explain, type Failure } from "../api/failure";
import { passFocusOn } from "./passFocusOn";

interface Props {
  failure: Failure;
  onRetry: () => void;
  compact?: boolean;
}

/** What went wrong, and a button that tries again. */
export function Problem({ failure, onRetry, compact = false }: Props) {
  const { title, advice } = explain(failure);
  return (
    <div role="alert" className={compact ? "problem problem--compact" : "problem"}>
      <p className="problem__title">{title}</p>
      <p className="problem__advice">{advice}</p>
      <button ref={passFocusOn} type="button" className="button" onClick={onRetry}>
        Retry
      </button>
    </div>
  );
}
