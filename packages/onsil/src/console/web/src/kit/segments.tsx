/** One of a few, side by side: radio buttons that look like one control. */
export function Segments<T extends string>({
  legend,
  name,
  options,
  chosen,
  choose,
}: {
  /** For screen readers. */
  readonly legend: string;
  readonly name: string;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly chosen: T;
  readonly choose: (value: T) => void;
}) {
  return (
    <fieldset className="segments">
      <legend className="hidden">{legend}</legend>
      {options.map(([value, text]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            onChange={() => choose(value)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
