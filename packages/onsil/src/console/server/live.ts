/** What happens each second, sampled only while somebody watches, once for all who do. */
import type { FlowEvent, FlowLoss } from '../../lab/daemon/flow.ts';
import type { Lab } from '../../lab/daemon/up.ts';
import { readUsage, type Usage, usageSince } from '../../lab/daemon/usage.ts';
import { ruleNames } from '../../lab/decider-text.ts';
import { endsOf } from '../../lab/flow-record.ts';
import type { Live, LiveMachine, LiveRule } from '../api.ts';
import type { Context } from './context.ts';
import { EdgeRequests } from './edge-requests.ts';
import { SiteCheck } from './site-check.ts';
import type { EventStream } from './stream.ts';

const PERIOD_MS = 1000;

export class LiveFeed {
  readonly #context: Context;
  readonly #drills: () => number;
  readonly #watchers = new Set<EventStream<Live>>();
  readonly #pairs = new Map<string, { accepted: number; rejected: number }>();
  readonly #site: SiteCheck;
  #requests: EdgeRequests | undefined;
  #timer: NodeJS.Timeout | undefined;
  #endFlow: (() => void) | undefined;
  #rejected = 0;
  #isComplete = true;
  #before: readonly Usage[] | undefined;

  constructor(context: Context, drills: () => number) {
    this.#context = context;
    this.#drills = drills;
    this.#site = new SiteCheck(context);
  }

  async watch(stream: EventStream<Live>): Promise<void> {
    this.#watchers.add(stream);
    stream.onClose(() => {
      this.#watchers.delete(stream);
      if (this.#watchers.size === 0) this.#stop();
    });
    if (this.#watchers.size === 1) await this.#start();
    else stream.send(this.#sample());
  }

  async #start(): Promise<void> {
    this.#requests = new EdgeRequests(this.#context);
    const lab = this.#context.view.lab();
    if (lab !== undefined) await this.#follow();
    await this.#tick();
  }

  /** Who speaks to whom: the counters know rules only. */
  async #follow(): Promise<void> {
    const end = await this.#context.lab().flow.subscribe({
      tell: (event) => this.#note(event),
      fail: () => {
        this.#isComplete = false;
        this.#endFlow = undefined;
      },
    });
    if (this.#watchers.size === 0) end();
    else this.#endFlow = end;
  }

  /** The next one a second after this one began, whatever it took. */
  async #tick(): Promise<void> {
    if (this.#watchers.size === 0) return;
    const began = performance.now();
    try {
      if (this.#endFlow === undefined && this.#context.view.lab() !== undefined) {
        await this.#follow();
      }
      const live = this.#sample();
      for (const each of this.#watchers) each.send(live);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const each of [...this.#watchers]) each.end(reason);
      return;
    }
    if (this.#watchers.size === 0) return;
    const rest = Math.max(PERIOD_MS / 4, PERIOD_MS - (performance.now() - began));
    this.#timer = setTimeout(() => void this.#tick(), rest);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#endFlow?.();
    this.#endFlow = undefined;
    this.#requests?.close();
    this.#requests = undefined;
    this.#site.close();
    this.#before = undefined;
    this.#pairs.clear();
    this.#isComplete = true;
    this.#rejected = 0;
  }

  #note(event: FlowEvent | FlowLoss): void {
    if ('lost' in event) {
      this.#isComplete = false;
      return;
    }
    const { region } = this.#context.ground();
    const key = JSON.stringify(endsOf(region, event));
    const pair = this.#pairs.get(key) ?? { accepted: 0, rejected: 0 };
    // An accepted connection passes the sender's gate and then the receiver's: it is one.
    const isCounted =
      !event.accepted || event.decider.kind !== 'security-group' || this.#isLastGate(event);
    if (event.accepted && isCounted) pair.accepted += 1;
    if (!event.accepted) {
      pair.rejected += 1;
      this.#rejected += 1;
    }
    if (isCounted) this.#pairs.set(key, pair);
  }

  /** The receiver's gate, or the sender's where the receiver is outside. */
  #isLastGate({ decider, to }: FlowEvent): boolean {
    if (decider.kind !== 'security-group') return true;
    return decider.direction === 'ingress' || to === undefined;
  }

  #sample(): Live {
    const phase = this.#context.view.phase();
    const lab = this.#context.view.lab();
    const rules = lab === undefined ? [] : this.#rules();
    const pairs = [...this.#pairs].map(([key, counts]) => {
      const [from, to]: [string, string] = JSON.parse(key);
      return { from, to, ...counts };
    });
    this.#pairs.clear();
    const rejected = this.#rejected;
    this.#rejected = 0;
    return {
      ...{ at: Date.now(), phase, revision: this.#context.revision, pairs, rules, rejected },
      machines: lab === undefined ? [] : this.#machines(lab),
      managed: (lab?.managed.list() ?? []).map(({ machine: { id }, state, reason }) => ({
        ...{ id, state, reason: reason ?? null, detail: lab?.managedDetail(id) ?? null },
      })),
      pairsComplete: this.#isComplete,
      requestsPerSecond: this.#requests?.take() ?? null,
      site: this.#site.look(),
      drills: this.#drills(),
    };
  }

  /** Not of the whole status, which works out addresses and names of each. */
  #machines({ region, machines }: Lab): readonly LiveMachine[] {
    return Object.values(region.instances).map((instance) => ({
      ...{ id: instance.id, name: instance.name, setup: machines.setup(instance) },
      reason: machines.reason(instance) ?? null,
      state: this.#stateOf(instance.id, machines.state(instance)),
      health: this.#healthOf(instance.id),
    }));
  }

  /** With those that are on their way, as AWS's calls tell them. */
  #stateOf(id: string, state: LiveMachine['state']): LiveMachine['state'] {
    const now = this.#context.view.lab()?.services.endpoints.control.state(id);
    return now === 'stopping' || now === 'pending' ? now : state;
  }

  #healthOf(id: string): LiveMachine['health'] {
    const lab = this.#context.view.lab();
    if (lab === undefined) return null;
    const { control } = lab.services.endpoints;
    const states = Object.keys(lab.region.targetGroups)
      .flatMap((arn) => control.targetHealth(arn))
      .filter(({ target }) => target.id === id)
      .map(({ state }) => state);
    if (states.includes('unhealthy')) return 'unhealthy';
    return states.includes('healthy') ? 'healthy' : null;
  }

  /** What the counters went up by; a reading of each router tells all of its rules. */
  #rules(): readonly LiveRule[] {
    const { region, fabric } = this.#context.lab();
    const now = readUsage(region, fabric);
    const before = this.#before ?? now;
    this.#before = now;
    return usageSince(before, now).map(({ decider, packets, bytes }) => {
      const [of, text] = ruleNames(region, decider);
      const ids = decider.kind === 'security-group' ? (decider.rule ?? {}) : {};
      return { of, text, ...ids, packets, bytes };
    });
  }
}
