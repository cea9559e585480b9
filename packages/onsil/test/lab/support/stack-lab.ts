/** Stacks over a real fabric: instances are namespaces with one process each. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StackResource } from '../../../src/cloudformation/create-resource.ts';
import { testRegion } from '../../../src/cloudformation/testing.ts';
import { World } from '../../../src/lab/daemon/world.ts';
import { attachInterfaces } from '../../../src/lab/fabric/attach.ts';
import { namespaceFile } from '../../../src/lab/fabric/names.ts';
import { namespacesOf } from '../../../src/lab/fabric/namespace.ts';
import { removeFabric } from '../../../src/lab/fabric/remove.ts';
import { probeFrom } from '../../../src/lab/probe/connect.ts';
import { run } from '../../../src/lab/process.ts';
import type { Applier, Removal, Work } from '../../../src/lab/stacks/applier.ts';
import { StackEngine } from '../../../src/lab/stacks/engine.ts';
import { causesReplacement } from '../../../src/lab/stacks/specification.ts';
import type { StackRecord } from '../../../src/lab/stacks/stack-service.ts';
import { Conversation } from './lab.ts';
import { type Stream, streamFrom } from './stream.ts';

const TIMEOUT_MS = 900;

export class StackLab implements Applier {
  readonly engine: StackEngine;
  /** Reasons of failures to come: `create Web`; each comes once. */
  readonly faults = new Map<string, string>();
  readonly #lab: string;
  readonly #world: World;
  readonly #machines = new Map<string, ChildProcess>();
  readonly #programs = new Set<ChildProcess>();
  readonly #streams: Stream[] = [];

  constructor(lab: string) {
    this.#lab = lab;
    this.#world = new World(lab, testRegion());
    this.engine = new StackEngine({
      ...{ applier: this, now: Date.now, secret: 'salt', causesReplacement },
    });
  }

  readonly region = () => this.#world.region;
  readonly change: Applier['change'] = (step) => this.#world.change(step);

  readonly create = async ({ resource }: Work): Promise<void> => {
    await this.#fail(`create ${resource.logicalId}`);
    const instance = this.region().instances[resource.physicalId];
    if (instance === undefined) return;
    const namespace = this.guest(resource.physicalId);
    await run('ip', ['netns', 'add', namespace]);
    await attachInterfaces(
      this.#world.fabric,
      instance.networkInterfaceIds.map((networkInterfaceId) => ({
        networkInterfaceId,
        guest: { namespace },
      })),
    );
    this.#machines.set(resource.physicalId, this.#program(namespace, ['sleep', 'infinity']));
  };

  readonly update = ({ resource }: Work): Promise<void> =>
    this.#fail(`update ${resource.logicalId}`);

  readonly remove = async ({ resource }: Removal): Promise<void> => {
    await this.#fail(`remove ${resource.logicalId}`);
    const machine = this.#machines.get(resource.physicalId);
    if (machine === undefined) return;
    await end(machine);
    this.#machines.delete(resource.physicalId);
    await run('ip', ['netns', 'del', this.guest(resource.physicalId)]);
  };

  /** Creates the stack `shop`, or updates it, and waits. */
  async put(templateBody: string): Promise<StackRecord> {
    const input = { stackName: 'shop', templateBody, parameters: {} };
    if (this.engine.find('shop') === undefined) this.engine.createStack(input);
    else this.engine.updateStack(input);
    return this.engine.settled('shop');
  }

  resource(logicalId: string): StackResource {
    const found = this.engine.find('shop')?.stack?.resources[logicalId];
    if (found === undefined) throw new Error(`there is no ${logicalId}`);
    return found;
  }

  address(logicalId: string): string {
    return String(this.resource(logicalId).attributes['PrivateIp']);
  }

  guest(instanceId: string): string {
    return `onsil.${this.#lab}.guest.${instanceId}`;
  }

  async listen(logicalId: string, ...ports: readonly number[]): Promise<void> {
    const child = this.#node(logicalId, 'echo.ts', ports.map(String));
    const [line] = await once(createInterface({ input: child.stdout ?? process.stdin }), 'line');
    if (line !== 'ready') throw new Error(`nobody listens in ${logicalId}`);
  }

  /** A connection that stays open. */
  async converse(from: string, to: string, port: number): Promise<Conversation> {
    const child = this.#node(from, 'converse.ts', [this.address(to), String(port), '0']);
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    const [remote] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${from} is not connected`))),
    ]);
    return new Conversation(child, lines, String(remote));
  }

  /** A connection on which bytes go both ways until it is ended. */
  async stream(from: string, to: string, port: number): Promise<Stream> {
    const namespace = this.guest(this.resource(from).physicalId);
    const stream = await streamFrom(namespaceFile(namespace), this.address(to), port);
    this.#streams.push(stream);
    return stream;
  }

  async probe(from: string, to: string, port: number): Promise<string> {
    const namespace = this.guest(this.resource(from).physicalId);
    const target = { host: this.address(to), port, timeoutMs: TIMEOUT_MS };
    const [result] = await probeFrom({ namespace }, [target]);
    return result?.outcome ?? 'none';
  }

  /** Everything that an update could leave behind: rules, routes, addresses, processes. */
  async state(): Promise<Readonly<Record<string, unknown>>> {
    const namespaces = [...(await namespacesOf(this.#lab))].sort();
    const shown = await Promise.all(
      namespaces.map(async (name) => {
        const inside = async (...command: readonly string[]): Promise<string> =>
          (await run('nsenter', [`--net=/run/netns/${name}`, '--', ...command])).stdout;
        return [
          name,
          {
            ruleset: withoutCounters(await inside('nft', 'list', 'ruleset')),
            routes: sorted(await inside('ip', 'route', 'show', 'table', 'all')),
            rules: await inside('ip', 'rule'),
            addresses: sorted(await inside('ip', '-4', '-brief', 'address')),
          },
        ] as const;
      }),
    );
    const pids = [...this.#machines].map(([id, { pid }]) => `${id} ${pid}`).sort();
    return { ...Object.fromEntries(shown), pids };
  }

  async stop(): Promise<void> {
    for (const stream of this.#streams) stream.cut();
    await Promise.all([...this.#programs].map(end));
    await removeFabric(this.#lab);
  }

  #node(logicalId: string, program: string, args: readonly string[]): ChildProcess {
    const namespace = this.guest(this.resource(logicalId).physicalId);
    const file = join(import.meta.dirname, program);
    return this.#program(namespace, [process.execPath, '--no-warnings', file, ...args]);
  }

  #program(namespace: string, command: readonly string[]): ChildProcess {
    const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, '--', ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#programs.add(child);
    return child;
  }

  async #fail(what: string): Promise<void> {
    const fault = this.faults.get(what);
    this.faults.delete(what);
    if (fault !== undefined) throw new Error(fault);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const withoutCounters = (ruleset: string): string =>
  ruleset.replaceAll(/packets \d+ bytes \d+/g, 'packets n bytes n');

/** Without IPv6's link-local addresses, which come a second after their link. */
const sorted = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/fe80|ff00/.test(line))
    .map((line) => line.trim())
    .toSorted()
    .join('\n');
