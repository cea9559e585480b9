/** What does not work, a sentence each. */
import type { LabStatus } from '../../lab/daemon/status.ts';
import type { Arrow, DrillState, LiveSite } from '../api.ts';

type Broken = DrillState['broken'];

/** More lost pairs than this are not worth reading. */
const MOST_PATHS = 30;

export function brokenMachines({
  instances,
  managed,
}: Pick<LabStatus, 'instances' | 'managed'>): Broken {
  return [...instances, ...managed]
    .filter(({ state }) => state !== 'running')
    .map(({ name, state }) => ({ kind: 'machine', text: `${name} is ${state}` }));
}

export function brokenSite(site: LiveSite | null): Broken {
  if (site === null || site.answers) return [];
  return [{ kind: 'site', text: `${site.url}: ${site.text}` }];
}

/** Pairs that have lost services between two answers of the model. */
export function brokenPaths(before: readonly Arrow[], now: readonly Arrow[]): Broken {
  const left = new Set(now.map(keyOf));
  const paths = before
    .filter((each) => !left.has(keyOf(each)))
    .map(({ from, to, services }) => {
      const rest = now.filter((each) => each.from === from && each.to === to);
      const others = rest.length === 0 ? 'nothing' : rest.map((each) => each.services).join(', ');
      return `${from} → ${to}: ${services} before, ${others} now`;
    });
  const shown = paths.slice(0, MOST_PATHS);
  const more = paths.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more pairs`] : [])].map((text) => ({
    kind: 'path',
    text,
  }));
}

const keyOf = ({ from, to, family, services }: Arrow): string =>
  JSON.stringify([from, to, family, services]);
