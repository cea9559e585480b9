import type { UseMutationResult } from '@tanstack/react-query';
import type { Done } from '../../../api.ts';
import { CommandLines } from './commands.tsx';

/** What an action did, or why it did not, with the shell lines that do the same. */
export function ActionResult<T extends Done, V>({
  of,
}: {
  readonly of: Pick<UseMutationResult<T, Error, V>, 'data' | 'error'>;
}) {
  return (
    <div aria-live="polite">
      {of.error !== null && <p className="failure">{of.error.message}</p>}
      {of.data !== undefined && (
        <>
          <p>{of.data.text}</p>
          <CommandLines commands={of.data.commands} />
        </>
      )}
    </div>
  );
}
