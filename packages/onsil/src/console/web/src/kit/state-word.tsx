import type { LiveMachine } from '../../../api.ts';
import { type Texts, useText } from '../text.tsx';

const TEXT = {
  en: {
    ...{ pending: 'starting', running: 'running', stopping: 'stopping', stopped: 'stopped' },
    ...{ failed: 'set-up failed', unhealthy: 'unhealthy', unknown: 'not known yet' },
    setup: 'being set up',
  },
  ko: {
    ...{ pending: '시작 중', running: '실행 중', stopping: '멈추는 중', stopped: '멈춤' },
    ...{ failed: '설정 실패', unhealthy: '비정상', unknown: '아직 모름' },
    setup: '설정 중',
  },
} satisfies Texts<unknown>;

export type StateName = keyof typeof TEXT.en;

/** One word for a machine: the worst that is to be said of it. */
export function stateName(machine: LiveMachine | undefined): StateName {
  if (machine === undefined) return 'unknown';
  const { state, setup, health } = machine;
  if (state !== 'running') return state;
  if (setup === 'failed') return 'failed';
  if (health === 'unhealthy') return 'unhealthy';
  return setup === 'done' || setup === 'none' ? 'running' : 'setup';
}

export const useStateText = (name: StateName): string => useText(TEXT)[name];

/** A mark and a word, so that it is not told by colour alone. */
export function StateWord({ machine }: { readonly machine: LiveMachine | undefined }) {
  const name = stateName(machine);
  return (
    <span className={`state state-${name}`} title={machine?.reason ?? undefined}>
      {useStateText(name)}
    </span>
  );
}
