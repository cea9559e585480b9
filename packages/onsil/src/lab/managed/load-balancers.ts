/** The load balancers of one lab: each a managed machine with HAProxy that follows the region. */
import { connect } from 'node:net';
import type { AutoScalingGroup } from '../../region/auto-scaling-group.ts';
import { isEqual } from '../../region/merge.ts';
import type { Region } from '../../region/region.ts';
import { keyOf, type Target, targetsOf } from '../../region/target-group.ts';
import type { Authority } from '../services/authority.ts';
import type { Balancer } from './load-balancer/balancer.ts';
import { balancerOf, machineIdOf } from './load-balancer/balancer-of.ts';
import { classicBalancerOf, classicMachineIdOf } from './load-balancer/classic-balancer-of.ts';
import { configurationFiles, RELOAD_COMMAND, STATS_SOCKET } from './load-balancer/configuration.ts';
import { certificateFile } from './load-balancer/front.ts';
import {
  healthOfCheck,
  parseChecks,
  type ServerCheck,
  type TargetHealth,
  targetHealthOf,
  worst,
} from './load-balancer/health.ts';
import type { ManagedMachine } from './machine.ts';
import type { ManagedMachines } from './machines.ts';

/** How often each load balancer is asked for the health of its servers. */
const POLL_MS = 1000;

interface Draining {
  readonly target: Target;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class LoadBalancers {
  readonly #region: () => Region;
  readonly #machines: ManagedMachines;
  readonly #authority: Authority;
  readonly #isRunning: (instanceId: string) => boolean;
  readonly #onChange: () => void;
  readonly #onError: (cause: unknown) => void;
  /** Those whose machine shall run, by its id. */
  readonly #wanted = new Set<string>();
  readonly #last = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Promise<void>>();
  readonly #checks = new Map<string, readonly ServerCheck[]>();
  /** By the ARN of the target group. */
  readonly #draining = new Map<string, readonly Draining[]>();
  #seen: Region;
  readonly #timer: NodeJS.Timeout;

  constructor(options: {
    readonly region: () => Region;
    readonly machines: ManagedMachines;
    readonly authority: Authority;
    readonly isRunning: (instanceId: string) => boolean;
    /** Told when the health of a server has changed. */
    readonly onChange: () => void;
    /** Told of a load balancer that could not follow a change. */
    readonly onError: (cause: unknown) => void;
  }) {
    this.#region = options.region;
    this.#machines = options.machines;
    this.#authority = options.authority;
    this.#isRunning = options.isRunning;
    this.#onChange = options.onChange;
    this.#onError = options.onError;
    this.#seen = options.region();
    this.#timer = setInterval(() => void this.#poll(), POLL_MS).unref();
  }

  /** No more questions are asked; the machines run on. */
  close(): void {
    clearInterval(this.#timer);
  }

  /** Boots the machine of a load balancer of the region, or gives it its configuration anew. */
  async ensure(machineId: string): Promise<void> {
    this.#wanted.add(machineId);
    await this.#bring(machineId);
  }

  /** Ends the machine. Until `ensure` is called again, it stays so. */
  async remove(machineId: string): Promise<void> {
    this.#wanted.delete(machineId);
    this.#checks.delete(machineId);
    await this.#machines.remove(machineId);
  }

  /** Those that run follow a change of the region. Resolves when all of them do. */
  async follow(): Promise<void> {
    this.#noteDraining();
    await Promise.all([...this.#wanted].map((id) => this.#bring(id)));
  }

  /** As AWS tells it, those included that are just being taken out. */
  health(targetGroupArn: string): readonly TargetHealth[] {
    const region = this.#region();
    const group = region.targetGroups[targetGroupArn];
    if (group === undefined) return [];
    const known = targetHealthOf(region, group, {
      checks: (id) => this.#checks.get(id),
      isRunning: this.#isRunning,
    });
    // With an instance, its connections have gone as well.
    const leaving = (this.#draining.get(targetGroupArn) ?? [])
      .filter(({ until }) => until > Date.now())
      .filter(({ target: { id } }) => group.targetType !== 'instance' || id in region.instances)
      .map(
        ({ target }): TargetHealth => ({
          target,
          state: 'draining',
          reason: 'Target.DeregistrationInProgress',
          description: 'Target deregistration is in progress',
        }),
      );
    return [...known, ...leaving];
  }

  /** Whether an instance answers those of its Auto Scaling group; nothing where none knows. */
  answers(
    { targetGroupArns, loadBalancerNames }: AutoScalingGroup,
    instanceId: string,
  ): boolean | undefined {
    const healths = targetGroupArns
      .flatMap((arn) => this.health(arn))
      .filter(({ target }) => target.id === instanceId);
    const classic = loadBalancerNames
      .flatMap((name) => this.checks(classicMachineIdOf({ name })))
      .filter(({ server }) => server === instanceId)
      .map(healthOfCheck);
    const states = [...healths, ...classic].map(({ state }) => state);
    if (states.includes('unhealthy')) return false;
    return states.includes('healthy') ? true : undefined;
  }

  /** What each of its nodes says of each server. */
  checks(machineId: string): readonly ServerCheck[] {
    return this.#checks.get(machineId) ?? [];
  }

  /** How many of its servers are healthy, in a few words. */
  detail(machineId: string): string | undefined {
    const checks = this.#checks.get(machineId);
    if (checks === undefined || checks.length === 0) return undefined;
    const servers = Map.groupBy(checks, ({ check, server }) => `${check} ${server}`);
    const states = [...servers.values()].map((each) => worst(each.map(healthOfCheck)).state);
    return `${states.filter((each) => each === 'healthy').length} of ${states.length} healthy`;
  }

  /** The next turn, which sees the region as it is then: several changes are one. */
  #bring(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) return waiting;
    const next = (this.#last.get(id) ?? Promise.resolve()).then(() => {
      this.#waiting.delete(id);
      return this.#apply(id);
    });
    this.#waiting.set(id, next);
    this.#last.set(
      id,
      next.catch(() => {}),
    );
    return next;
  }

  async #apply(id: string): Promise<void> {
    const balancer = balancersIn(this.#region()).get(id)?.();
    if (balancer === undefined) return;
    const machine = await machineOf(balancer, this.#authority);
    // It may have gone meanwhile.
    if (!this.#wanted.has(id)) return;
    await this.#machines.ensure(machine);
    await this.#ask(id);
  }

  /** Targets that were there and are no more keep their connections for a while. */
  #noteDraining(): void {
    const [before, now] = [this.#seen, this.#region()];
    this.#seen = now;
    for (const group of Object.values(now.targetGroups)) {
      const former = before.targetGroups[group.arn];
      if (former === undefined) continue;
      const there = new Set(targetsOf(now, group).map((target) => keyOf(group, target)));
      const seconds = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300);
      const gone = targetsOf(before, former)
        .filter((target) => !there.has(keyOf(group, target)))
        .map((target) => ({ target, until: Date.now() + seconds * 1000 }));
      const kept = (this.#draining.get(group.arn) ?? []).filter(
        ({ target, until }) => until > Date.now() && !there.has(keyOf(group, target)),
      );
      this.#draining.set(group.arn, [...kept, ...gone]);
    }
  }

  async #poll(): Promise<void> {
    try {
      for (const id of this.#wanted) await this.#ask(id);
    } catch (cause) {
      this.#onError(cause);
    }
  }

  async #ask(id: string): Promise<void> {
    const leader = this.#machines.running(id)?.leader;
    if (leader === undefined) {
      this.#checks.delete(id);
      return;
    }
    const text = await question(`/proc/${leader}/root${STATS_SOCKET}`, 'show stat');
    // Between two processes, nobody answers for a moment: what was known is still true.
    if (text === undefined) return;
    const before = this.checks(id);
    this.#checks.set(id, parseChecks(text));
    if (!isEqual(before, this.checks(id))) this.#onChange();
  }
}

/** Every load balancer of a region by the id of its machine. */
export function balancersIn(region: Region): ReadonlyMap<string, () => Balancer> {
  return new Map<string, () => Balancer>([
    ...Object.values(region.loadBalancers).map(
      (own) => [machineIdOf(own), () => balancerOf(region, own)] as const,
    ),
    ...Object.values(region.classicLoadBalancers).map(
      (own) => [classicMachineIdOf(own), () => classicBalancerOf(region, own)] as const,
    ),
  ]);
}

async function machineOf(balancer: Balancer, authority: Authority): Promise<ManagedMachine> {
  const { id, name, type, vpcId, nodes, fronts } = balancer;
  const certificates = fronts.flatMap((front) => front.certificates ?? []);
  const files = new Map(certificates.map((each) => [certificateFile(each), each.names]));
  const leaves = await Promise.all(
    [...files].map(async ([path, [name = balancer.dnsName, ...more]]) => {
      const leaf = await authority.leaf(name, ...more);
      return { path, content: `${leaf.certificate}${leaf.key}`, mode: 0o600 };
    }),
  );
  return {
    ...{ id, name, type, vpcId, units: ['haproxy.service'], reload: RELOAD_COMMAND },
    networkInterfaceIds: nodes.map(({ networkInterfaceId }) => networkInterfaceId),
    files: [...configurationFiles(balancer), ...leaves],
  };
}

/** Asks HAProxy by its socket. Nothing where it does not answer. */
function question(socket: string, command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const client = connect(socket, () => client.end(`${command}\n`));
    client.setEncoding('utf8').setTimeout(POLL_MS, () => client.destroy());
    client.on('data', (chunk: string) => {
      text += chunk;
    });
    client.on('error', () => resolve(undefined));
    client.on('close', () => resolve(text === '' ? undefined : text));
  });
}
