/** The shell line that watches the same. */
import type { State } from '../../../api.ts';
import { labLine } from '../../../shell-line.ts';

export interface Filter {
  readonly host?: string;
  readonly only?: 'accepted' | 'rejected';
}

export const flowCommand = (lab: Pick<State, 'lab' | 'service'>, { host, only }: Filter): string =>
  labLine(
    lab,
    'flow',
    ...(host === undefined ? [] : [host]),
    ...(only === undefined ? [] : [`--${only}`]),
  );
