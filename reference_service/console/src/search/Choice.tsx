interface Props {
  label: string;
  value: number | undefined;
  choices: readonly number[];
  text: (value: number) => string;
  onChoose: (value: number | undefined) => void;
}

/** A bound out of a few; one that came with the address is offered too. */
export function Choice({ label, value, choices, text, onChoose }: Props) {
  const offered = value === undefined || choices.includes(value) ? choices : [value, ...choices];
  return (
    <label className="field">
      <span className="field__name">{label}</span>
      <select
        className="control"
        value={value ?? ""}
        onChange={(event) => onChoose(event.target.value === "" ? undefined : Number(event.target.value))}
      >
        <option value="">any</option>
        {offered.map((choice) => (
          <option key={choice} value={choice}>
            {text(choice)}
          </option>
        ))}
      </select>
    </label>
  );
}
