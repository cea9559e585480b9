/** A fabric with plain namespaces as machines, and ways to make packets travel in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { applyFabric } from '../../../src/lab/fabric/apply.ts';
import { attachInterfaces } from '../../../src/lab/fabric/attach.ts';
import { readCounters } from '../../../src/lab/fabric/counters.ts';
import {
  allNamespaces,
  hostNamespace,
  internetNamespace,
  routerNamespace,
} from '../../../src/lab/fabric/namespace.ts';
import { type FabricPlan, planFabric } from '../../../src/lab/fabric/plan.ts';
import { removeFabric } from '../../../src/lab/fabric/remove.ts';
import { probeFrom } from '../../../src/lab/probe/connect.ts';
import { run } from '../../../src/lab/process.ts';
import type { Region } from '../../../src/region/region.ts';
import type { RegionBuilder } from '../../../src/region/testing.ts';

/** Longer than any answer takes here, shorter than TCP's second retry. */
const TIMEOUT_MS = 900;

/** Perl is part of every Debian; a ping is not. */
const PING = `use Socket;
  socket(my $s, PF_INET, SOCK_RAW, 1) or die $!;
  my $echo = pack("CCnnna8", 8, 0, 0, $$ & 0xffff, 1, "in a lab");
  my $sum = 0; $sum += $_ for unpack("n*", $echo);
  $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
  substr($echo, 2, 2) = pack("n", ~$sum & 0xffff);
  connect($s, sockaddr_in(0, inet_aton($ARGV[0]))) or die $!;
  send($s, $echo, 0) or die $!;
  $SIG{ALRM} = sub { exit };
  use Time::HiRes; Time::HiRes::alarm($ARGV[1]);
  while (defined recv($s, my $packet, 1500, 0)) {
    my ($type, undef, undef, $id) = unpack("CCnn", substr($packet, 20));
    if ($type == 0 && $id == ($$ & 0xffff)) { print "answered\n"; exit }
  }`;

export class Lab {
  readonly name: string;
  #plan: FabricPlan;
  readonly #processes: { readonly name: string; readonly child: ChildProcess }[] = [];

  private constructor(name: string, plan: FabricPlan) {
    this.name = name;
    this.#plan = plan;
  }

  /** Builds the fabric, and a namespace `onsil.<lab>.guest.<name>` for each instance. */
  static async start(name: string, { region }: RegionBuilder): Promise<Lab> {
    await removeFabric(name);
    const lab = new Lab(name, planFabric(name, region));
    try {
      await applyFabric(lab.#plan);
      await lab.boot(...Object.values(region.instances).map((instance) => instance.name));
    } catch (error) {
      await lab.stop();
      throw error;
    }
    return lab;
  }

  get plan(): FabricPlan {
    return this.#plan;
  }

  async stop(): Promise<void> {
    await this.#endProcesses(() => true);
    await removeFabric(this.name);
  }

  async #endProcesses(whose: (name: string) => boolean): Promise<void> {
    const children = this.#processes.flatMap(({ name, child }) => (whose(name) ? [child] : []));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }),
    );
  }

  async change(region: Region): Promise<void> {
    const plan = planFabric(this.name, region);
    await applyFabric(plan, this.#plan);
    this.#plan = plan;
  }

  /** Gives each instance an empty namespace, plugged in. */
  async boot(...names: readonly string[]): Promise<void> {
    await run('ip', ['-batch', '-'], {
      input: names.map((name) => `netns add ${this.guest(name)}\n`).join(''),
    });
    await attachInterfaces(
      this.#plan,
      names.map((name) => ({
        networkInterfaceId: `eni-${name}`,
        guest: { namespace: this.guest(name) },
      })),
    );
  }

  /** Switches an instance off: its namespace goes, and its end of the link with it. */
  async shutDown(name: string): Promise<void> {
    const planned = this.#plan.interfaces.find(({ id }) => id === `eni-${name}`);
    await this.#endProcesses((owner) => owner === name);
    await run('ip', ['netns', 'del', this.guest(name)]);
    // The kernel takes a namespace down in its own time.
    while (await this.#hasLink(planned?.namespace ?? '', planned?.name ?? '')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #hasLink(namespace: string, link: string): Promise<boolean> {
    const { stdout } = await run('ip', ['-n', namespace, '-brief', 'link', 'show']);
    return stdout.includes(`${link}@`);
  }

  guest(name: string): string {
    return `${routerNamespace(this.name, 'guest')}.${name}`;
  }

  router(vpcId: string): string {
    return routerNamespace(this.name, vpcId);
  }

  get internet(): string {
    return internetNamespace(this.name);
  }

  /** The namespace of an instance, an outside host, or `lab` itself: the Internet. */
  namespace(name: string): string {
    if (name === 'the-internet') return this.internet;
    return name === 'admin' || name === 'internet'
      ? hostNamespace(this.name, name)
      : this.guest(name);
  }

  /** Runs a command inside and returns what it printed. */
  async exec(name: string, ...command: readonly string[]): Promise<string> {
    const file = `/run/netns/${this.namespace(name)}`;
    return (await run('nsenter', [`--net=${file}`, '--', ...command])).stdout;
  }

  /** Makes `name` forward, as a NAT instance's or an appliance's user data would. */
  async forward(name: string, masquerade: boolean): Promise<void> {
    await this.exec(name, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    await this.exec(name, 'sysctl', '-q', '-w', 'net.ipv4.conf.all.rp_filter=0');
    await this.exec(name, 'sysctl', '-q', '-w', 'net.ipv4.conf.ens5.rp_filter=0');
    await this.exec(name, 'sysctl', '-q', '-w', 'net.ipv4.conf.all.send_redirects=0');
    await this.exec(name, 'sysctl', '-q', '-w', 'net.ipv4.conf.ens5.send_redirects=0');
    if (!masquerade) return;
    await this.exec(
      name,
      'nft',
      'table ip nat { chain post { type nat hook postrouting priority 100; ' +
        'oifname "ens5" ip saddr != 10.0.1.0/24 masquerade; }; }',
    );
  }

  /** How many packets the router of a VPC has counted under a label so far. */
  counted(vpcId: string, label: string): number {
    const count = readCounters(this.router(vpcId)).get(label);
    if (count === undefined) throw new Error(`${vpcId} has no counter ${label}`);
    return count.packets;
  }

  /** Listens on ports inside until the lab stops. */
  async listen(name: string, ...ports: readonly (number | string)[]): Promise<void> {
    const child = this.#program(name, 'echo.ts', ports.map(String));
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      once(child, 'exit').then(() => ['exit']),
    ]);
    if (line !== 'ready') throw new Error(`nobody listens in ${name}`);
  }

  /** The outcome of one connection to each `address:port`, at once. */
  async probe(name: string, ...targets: readonly string[]): Promise<readonly string[]> {
    return this.probeAs(name, undefined, ...targets);
  }

  /** The same with a source address of its own choice, which `name` must have. */
  async probeAs(
    name: string,
    localAddress: string | undefined,
    ...targets: readonly string[]
  ): Promise<readonly string[]> {
    const source = localAddress === undefined ? {} : { localAddress };
    const results = await probeFrom(
      { namespace: this.namespace(name) },
      targets.map((target) => {
        const [host = '', port] = target.split(':');
        return { host, port: Number(port), timeoutMs: TIMEOUT_MS, ...source };
      }),
    );
    return results.map(({ outcome }) => outcome);
  }

  /** Whether an ICMP echo request is answered. */
  async ping(name: string, host: string): Promise<boolean> {
    const out = await this.exec(name, 'perl', '-e', PING, host, String(TIMEOUT_MS / 1000));
    return out === 'answered\n';
  }

  /** A connection that stays open, from a port of its own choice or any. */
  async converse(name: string, host: string, port: number, localPort = 0): Promise<Conversation> {
    const child = this.#program(name, 'converse.ts', [host, String(port), String(localPort)]);
    const lines = createInterface({ input: child.stdout });
    const [remote] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${name} is not connected`))),
      // Much longer than any answer takes: this is for tests that fail, not for drops.
      pause(20_000).then(() => Promise.reject(new Error(`${name} meets silence at ${host}`))),
    ]);
    return new Conversation(child, lines, String(remote));
  }

  /** The address under which the listener at `host:port` sees `name`. */
  async seenAs(name: string, host: string, port: number): Promise<string> {
    const conversation = await this.converse(name, host, port);
    conversation.end();
    return conversation.seenAs;
  }

  #program(name: string, program: string, args: readonly string[]) {
    const child = spawn(
      'nsenter',
      [
        `--net=/run/netns/${this.namespace(name)}`,
        '--',
        process.execPath,
        '--no-warnings',
        join(import.meta.dirname, program),
        ...args,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.#processes.push({ name, child });
    return child;
  }
}

export class Conversation {
  readonly seenAs: string;
  readonly seenPort: number;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(child: ChildProcess, lines: Interface, seenAs: string) {
    this.#child = child;
    this.#lines = lines;
    const [address = '', port] = seenAs.split(' ');
    this.seenAs = address;
    this.seenPort = Number(port);
  }

  /** What comes back for a line; nothing within the time that a drop is waited for. */
  async say(text: string, waitMs = TIMEOUT_MS): Promise<string | undefined> {
    const answer = once(this.#lines, 'line').then(([line]) => String(line));
    this.#child.stdin?.write(`${text}\n`);
    return Promise.race([answer, pause(waitMs)]);
  }

  tell(text: string): void {
    this.#child.stdin?.write(`${text}\n`);
  }

  /** How the other side ended it; nothing within a time much longer than an answer takes. */
  get ended(): Promise<'closed' | 'reset' | undefined> {
    const exit = once(this.#child, 'exit').then(([code]) => (code === 0 ? 'closed' : 'reset'));
    return Promise.race([exit, pause(20_000)]) as Promise<'closed' | 'reset' | undefined>;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}

/** Names of the namespaces of a lab that are there. */
export async function namespacesNamed(lab: string): Promise<readonly string[]> {
  return (await allNamespaces()).filter((name) => name.startsWith(`onsil.${lab}.`)).sort();
}
