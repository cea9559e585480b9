/** On, off, and both: what has been done stands where the explanation stood. */
import { useMutation } from '@tanstack/react-query';
import type { LiveMachine, PowerRequest } from '../../../api.ts';
import { call } from '../api/call.ts';
import { ActionResult } from '../kit/result.tsx';
import { useText } from '../text.tsx';
import { useLiveMachine } from './host-state.tsx';
import { TEXT } from './text.ts';

type Action = PowerRequest['action'];

const FROM: Readonly<Record<Action, LiveMachine['state']>> = {
  ...{ start: 'stopped', restart: 'running', stop: 'running' },
};
const ACTIONS = ['start', 'restart', 'stop'] as const;

export function Power({ name }: { readonly name: string }) {
  const text = useText(TEXT).power;
  const state = useLiveMachine(name)?.state;
  const change = useMutation({
    mutationFn: (action: Action) =>
      call('POST /api/power', { body: { host: name, action } satisfies PowerRequest }),
  });
  const isIdle = change.data === undefined && change.error === null;
  return (
    <div className="host-power">
      <fieldset className="row">
        <legend className="hidden">{text.of(name)}</legend>
        {ACTIONS.map((action) => {
          const isBusy = change.isPending && change.variables === action;
          const isOpen = !change.isPending && state === FROM[action];
          return (
            // Not `disabled`: that would take the focus away from whoever has just pressed it.
            <button
              key={action}
              type="button"
              className={action === 'stop' ? 'danger' : undefined}
              aria-disabled={!isOpen}
              aria-busy={isBusy}
              onClick={() => isOpen && change.mutate(action)}
            >
              {isBusy ? text.busy[action] : text[action]}
            </button>
          );
        })}
      </fieldset>
      <div>
        {isIdle && <p className="dim">{text.hint}</p>}
        <ActionResult of={change} />
      </div>
    </div>
  );
}
