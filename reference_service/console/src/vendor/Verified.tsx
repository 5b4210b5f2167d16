export function Verified() {
  return (
    <span className="verified" role="img" aria-label="Verified">
      ✓
    </span>
  );
}
