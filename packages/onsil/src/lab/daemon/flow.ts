/** The decisions of a lab's routers for whoever wants to see them. */
import { type Decision, type Watch, watchDecisions } from '../fabric/decisions.ts';
import type { FabricPlan } from '../fabric/plan.ts';

/** A decision with the network interfaces that it is about. */
export type FlowEvent = Pick<Decision, 'time' | 'decider' | 'accepted' | 'packet'> & {
  /** The network interface that sent the packet, and the one it would go to. */
  readonly from?: string;
  readonly to?: string;
};

/** Packets came faster than they could be told: so many messages, of one or more decisions each. */
export interface FlowLoss {
  readonly lost: number;
}

export interface FlowListener {
  tell(event: FlowEvent | FlowLoss): void;
  /** Nothing more comes: watching failed. */
  fail(cause: unknown): void;
}

/**
 * One watch of each router for all listeners, since the kernel has room for one; from the first
 * listener to the last. Programs that watch are children of this process: they end with the lab.
 */
export class FlowFeed {
  readonly #fabric: () => FabricPlan;
  readonly #listeners = new Set<FlowListener>();
  /** By router. */
  readonly #watches = new Map<string, Watch>();
  /** Starts and ends, one after the other. */
  #queue: Promise<void> = Promise.resolve();

  /** @param fabric as it is when it is asked */
  constructor(fabric: () => FabricPlan) {
    this.#fabric = fabric;
  }

  /** Throws what `watchDecisions` throws. @returns what ends it */
  async subscribe(listener: FlowListener): Promise<() => void> {
    this.#listeners.add(listener);
    try {
      await this.#settle();
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
    return () => {
      this.#listeners.delete(listener);
      this.#settle().catch(() => {});
    };
  }

  /** To be called when the fabric has changed: routers come and go. */
  renew(): void {
    this.#settle().catch((cause: unknown) => this.#fail(cause));
  }

  /** Watches every router while anybody listens. */
  #settle(): Promise<void> {
    const settled = this.#queue.then(async () => {
      const routers =
        this.#listeners.size === 0
          ? []
          : this.#fabric().namespaces.flatMap(({ name, counters }) =>
              counters.length > 0 ? [name] : [],
            );
      await this.#end([...this.#watches.keys()].filter((name) => !routers.includes(name)));
      await this.#start(routers.filter((name) => !this.#watches.has(name)));
    });
    this.#queue = settled.catch(() => {});
    return settled;
  }

  async #start(routers: readonly string[]): Promise<void> {
    const starts = await Promise.allSettled(
      routers.map(async (name) => {
        const watch = await watchDecisions(
          name,
          (decision) => this.#tell(this.#eventOf(name, decision)),
          (lost) => this.#tell({ lost }),
        );
        this.#watches.set(name, watch);
        watch.ended.catch((cause: unknown) => {
          // A router that is gone has ended its watch with it.
          const isThere = this.#fabric().namespaces.some((each) => each.name === name);
          if (this.#watches.delete(name) && isThere) this.#fail(cause);
        });
      }),
    );
    const failed = starts.find((each) => each.status === 'rejected');
    if (failed === undefined) return;
    await this.#end([...this.#watches.keys()]);
    throw failed.reason;
  }

  async #end(routers: readonly string[]): Promise<void> {
    const watches = routers.flatMap((name) => this.#watches.get(name) ?? []);
    for (const name of routers) this.#watches.delete(name);
    await Promise.allSettled(watches.map((watch) => watch.end()));
  }

  #tell(event: FlowEvent | FlowLoss): void {
    for (const listener of this.#listeners) listener.tell(event);
  }

  #eventOf(namespace: string, { time, decider, accepted, packet, ...links }: Decision): FlowEvent {
    const idOf = (link: string | undefined): string | undefined =>
      this.#fabric().interfaces.find((each) => each.namespace === namespace && each.name === link)
        ?.id;
    const [from, to] = [idOf(links.in), idOf(links.out)];
    return {
      ...{ time, decider, accepted, packet },
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  }

  #fail(cause: unknown): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    this.#settle().catch(() => {});
    for (const listener of listeners) listener.fail(cause);
  }
}
