const ROWS = 8;

/** Where the cards will be. */
export function Skeleton() {
  return (
    <div className="board" data-testid="skeleton">
      <div className="board__columns" aria-hidden="true" />
      {Array.from({ length: ROWS }, (_, index) => (
        <div key={index} className="board__bone" aria-hidden="true">
          <span className="bone bone--logo" />
          <span className="bone" />
          <span className="bone bone--short" />
        </div>
      ))}
    </div>
  );
}
