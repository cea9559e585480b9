import { type InputHTMLAttributes, useId } from 'react';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error: string | undefined;
}

/** An input with its label, its hint and its error, tied together for screen readers. */
export function Field({ label, hint, error, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        required
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error ${id}-hint`}
      />
      <p id={`${id}-error`} className="error">
        {error}
      </p>
      <p id={`${id}-hint`} className="hint">
        {error === undefined && hint}
      </p>
    </div>
  );
}
