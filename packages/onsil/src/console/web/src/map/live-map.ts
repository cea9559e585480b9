/** The lab's seconds, sorted by what of the picture and the tables they are about. */
import type { Live, LiveMachine } from '../../../api.ts';
import { type StateName, stateName } from '../kit/state-word.tsx';
import { Cells } from './cells.ts';
import { type Ends, pairKey } from './ends.ts';

export interface Traffic {
  readonly accepted: number;
  readonly rejected: number;
}
/** Packets between two nodes that have no line: the proof knows of none that may pass. */
export interface Stray extends Traffic {
  readonly fromId: string;
  readonly toId: string;
  readonly from: string;
  readonly to: string;
  /** Until when it is shown. */
  readonly until: number;
}
export interface ManagedState {
  readonly state: string;
  readonly reason: string | null;
}

const NONE: Traffic = { accepted: 0, rejected: 0 };
/** So long a stray one is to be seen. */
const STRAY_MS = 5000;

const plus = (a: Traffic, b: Traffic): Traffic => ({
  accepted: a.accepted + b.accepted,
  rejected: a.rejected + b.rejected,
});

export class LiveMap {
  /** By name. */
  readonly machines = new Cells<LiveMachine | undefined>(undefined);
  readonly managed = new Cells<ManagedState | undefined>(undefined);
  /** Of this second: by an arrow's id, by pair (`pairKey`), by an end's name. */
  readonly arrows = new Cells<Traffic>(NONE);
  /** All that arrives by one line's end, at the arrow that tells it. */
  readonly heads = new Cells<Traffic>(NONE);
  readonly pairs = new Cells<Traffic>(NONE);
  readonly ends = new Cells<Traffic>(NONE);
  /** Since the page was opened, by pair. */
  readonly totals = new Cells<Traffic>(NONE);
  /** All of them, under the empty name. */
  readonly strays = new Cells<readonly Stray[]>([]);
  #totals: ReadonlyMap<string, Traffic> = new Map();
  #strays = new Map<string, Stray>();
  #at = 0;

  /** A second that was taken before is not taken again. */
  take(live: Live, ends: Ends): void {
    if (live.at === this.#at) return;
    this.#at = live.at;
    this.machines.replace(new Map(live.machines.map((each) => [each.name, each])));
    this.managed.replace(
      new Map(live.managed.map(({ id, state, reason }) => [id, { state, reason }])),
    );
    const now = {
      arrows: new Map<string, Traffic>(),
      heads: new Map<string, Traffic>(),
      pairs: new Map<string, Traffic>(),
      ends: new Map<string, Traffic>(),
    };
    const totals = new Map(this.#totals);
    const strays = new Map([...this.#strays].filter(([, { until }]) => until > live.at));
    for (const pair of live.pairs) {
      const [from, to] = [ends.name(pair.from), ends.name(pair.to)];
      const traffic = { accepted: pair.accepted, rejected: pair.rejected };
      const key = pairKey(from, to);
      add(now.pairs, key, traffic);
      add(totals, key, traffic);
      for (const end of new Set([from, to])) add(now.ends, end, traffic);
      const arrow = ends.arrow(from, to);
      if (arrow !== undefined) {
        add(now.arrows, arrow.id, traffic);
        add(now.heads, ends.headOf(arrow.id), traffic);
        continue;
      }
      const [source, target] = [ends.node(from), ends.node(to)];
      if (source === undefined || target === undefined) continue;
      const before = strays.get(key) ?? NONE;
      const between = { fromId: source.id, toId: target.id, from, to };
      strays.set(key, { ...between, ...plus(before, traffic), until: live.at + STRAY_MS });
    }
    this.#totals = totals;
    this.#strays = strays;
    this.arrows.replace(now.arrows);
    this.heads.replace(now.heads);
    this.pairs.replace(now.pairs);
    this.ends.replace(now.ends);
    this.totals.replace(totals);
    this.strays.replace(new Map([['', [...strays.values()]]]));
  }
}

function add(to: Map<string, Traffic>, key: string, traffic: Traffic): void {
  to.set(key, plus(to.get(key) ?? NONE, traffic));
}

/** How many machines are in which state, the usual one last. */
export function countStates(
  machines: readonly (LiveMachine | undefined)[],
): readonly (readonly [StateName, number])[] {
  const groups = Map.groupBy(machines, stateName);
  return [...groups]
    .map(([name, all]) => [name, all.length] as const)
    .toSorted(([a], [b]) => Number(a === 'running') - Number(b === 'running'));
}
