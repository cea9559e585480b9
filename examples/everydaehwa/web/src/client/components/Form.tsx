import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { Result, User } from '../api.ts';
import type { Problem } from '../problem.ts';

interface Props {
  /** What the button says. */
  readonly action: string;
  readonly send: (form: Readonly<Record<string, string>>) => Promise<Result<User>>;
  readonly onDone: (user: User) => void;
  readonly children: (errors: Problem['fields']) => ReactNode;
}

/** Sends its fields as JSON and shows what the api has to say about each of them. */
export function Form({ action, send, onDone, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const [isSending, setSending] = useState(false);

  // The first field at fault takes the focus. Without one, the alert below is read out anyway.
  useEffect(() => {
    if (problem !== undefined)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problem]);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === 'string') values[name] = value;
    }
    setSending(true);
    setProblem(undefined);
    const result = await send(values);
    setSending(false);
    if (result.ok) onDone(result.value);
    else setProblem(result.problem);
  };

  return (
    // The api knows the rules and says them in Korean; the browser's own bubbles would only differ.
    <form ref={form} onSubmit={submit} noValidate>
      <div role="alert">{problem !== undefined && <p className="problem">{problem.title}</p>}</div>
      {children(problem?.fields ?? {})}
      {/* Not `disabled`, which would throw the focus away. */}
      <button type="submit" aria-disabled={isSending}>
        {action}
      </button>
    </form>
  );
}
