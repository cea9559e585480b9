/**
 * Sends one packet for each probe, thousands at once, and watches at every host what becomes of
 * them. Packets are made by hand and seen by taps: no service of a host is bothered by more than
 * the beginning of a connection, no port has to be free, and a host's own firewall is told apart
 * from the network.
 */
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NamespaceReference } from '../fabric/namespace.ts';
import { inNamespace, SystemCallError } from '../system-calls.ts';
import { type Listener, Listeners } from './listeners.ts';
import { decode, encode, type Probe, type Seen } from './packet.ts';
import { lostBy, openSender, openTap, readTap, sendPacket } from './sockets.ts';

export type { Listener } from './listeners.ts';

export interface Host {
  readonly name: string;
  readonly namespace: NamespaceReference;
  /** IPv4, of all of its interfaces. */
  readonly addresses: readonly string[];
  /**
   * Sockets that are opened for the time of the exchange, and answer. Without, what the host runs
   * itself answers TCP, if only by a reset, and UDP is answered for it by a packet made by hand.
   */
  readonly listeners?: readonly Listener[];
}

export interface SentProbe extends Probe {
  /** Name of the host that sends it; `source` is one of its addresses. */
  readonly from: string;
}

/** What was seen of a probe, in the network's order. */
export interface Fate {
  /** The system's code where it did not let the packet go. */
  readonly notSent?: string;
  /** Hosts that got the packet although it is not addressed to them. */
  readonly passed: readonly string[];
  /** Those of them that sent it on. */
  readonly sentOn: readonly string[];
  /** The host that has the address, with the packet as it came there. */
  readonly arrived?: { readonly host: string; readonly probe: Probe };
  /** That host sent an answer. */
  readonly answered: boolean;
  /** By TCP's reset: the port is closed. */
  readonly refused: boolean;
  /** The sender got the answer that it waits for: from and to the addresses and ports it used. */
  readonly returned: boolean;
}

/**
 * How long nothing may be seen of any probe before the rest counts as silent. Packets cross a
 * fabric within microseconds; a loaded machine may keep a host's kernel from answering for longer.
 */
const QUIET_MS = 250;
/** Sent at once, so that no queue on the way runs over. */
const BURST = 256;
/** The protocols that a host's own kernel answers. */
const ANSWERED = [1, 6];

interface Station {
  readonly host: Host;
  readonly addresses: ReadonlySet<string>;
  readonly tap: number;
  /** By source address. */
  readonly senders: Map<string, number>;
  readonly listeners?: Listeners;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Flight {
  readonly token: number;
  readonly probe: SentProbe;
  readonly fate: Mutable<Fate> & { readonly passed: string[]; readonly sentOn: string[] };
}

/**
 * The fate of each probe, in their order. Two probes must not be of one conversation, said either
 * way. Throws where a host's namespace is gone, and where packets were seen too fast to be read.
 */
export async function exchange(
  hosts: readonly Host[],
  probes: readonly SentProbe[],
): Promise<readonly Fate[]> {
  const stations: Station[] = [];
  try {
    for (const host of hosts) stations.push(openStation(host));
    const first = Math.floor(Math.random() * 2 ** 31);
    const flights = probes.map((probe, index): Flight => {
      const fate = { passed: [], sentOn: [], answered: false, refused: false, returned: false };
      return { token: first + index, probe, fate };
    });
    const watch = new Watch(stations, flights, first);
    await watch.sendAll(flights);
    // Once more, as TCP does after a while: a queue may wait for an address to be resolved.
    const silent = flights.filter(({ fate }) => !fate.returned && fate.notSent === undefined);
    if (silent.length > 0) await watch.sendAll(silent);
    const lost = stations.reduce((sum, { tap }) => sum + lostBy(tap), 0);
    if (lost > 0) {
      throw new Error(
        `${lost} packets of the lab were not seen: its machines are too busy to be watched. ` +
          'Try again when they are quiet.',
      );
    }
    return flights.map(({ fate }) => fate);
  } finally {
    for (const { tap, senders, listeners } of stations) {
      for (const fd of [tap, ...senders.values()]) closeSync(fd);
      listeners?.close();
    }
  }
}

function openStation(host: Host): Station {
  const listeners = host.listeners && new Listeners(host.namespace, host.listeners);
  try {
    const tap = inNamespace(host.namespace, openTap);
    const station = { host, tap, addresses: new Set(host.addresses), senders: new Map() };
    return { ...station, ...(listeners === undefined ? {} : { listeners }) };
  } catch (error) {
    listeners?.close();
    throw error;
  }
}

class Watch {
  readonly #stations: readonly Station[];
  readonly #byName: ReadonlyMap<string, Station>;
  readonly #flights: readonly Flight[];
  readonly #first: number;

  constructor(stations: readonly Station[], flights: readonly Flight[], first: number) {
    this.#stations = stations;
    this.#byName = new Map(stations.map((each) => [each.host.name, each]));
    this.#flights = flights;
    this.#first = first;
  }

  /** Returns once nothing was seen for a while, or every answer was. */
  async sendAll(flights: readonly Flight[]): Promise<void> {
    for (const [index, { token, probe, fate }] of flights.entries()) {
      const station = this.#byName.get(probe.from);
      if (station === undefined) throw new RangeError(`There is no host ${probe.from}.`);
      const error = this.#send(station, probe, token, false);
      if (error !== undefined) fate.notSent = error;
      if ((index + 1) % BURST !== 0) continue;
      await sleep(1);
      this.#look();
    }
    const isDone = () => flights.every(({ fate }) => fate.returned || fate.notSent !== undefined);
    for (let quiet = 0; quiet < QUIET_MS && !isDone(); quiet += 5) {
      await sleep(5);
      if (this.#look()) quiet = 0;
    }
  }

  #send(station: Station, probe: Probe, token: number, isReply: boolean): string | undefined {
    try {
      const { senders, host } = station;
      const fd =
        senders.get(probe.source) ?? inNamespace(host.namespace, () => openSender(probe.source));
      senders.set(probe.source, fd);
      sendPacket(fd, encode(probe, token, isReply), probe.destination);
      return undefined;
    } catch (error) {
      if (error instanceof SystemCallError) return error.code;
      throw error;
    }
  }

  /** @returns whether a packet of a probe was seen */
  #look(): boolean {
    let isNew = false;
    for (const station of this.#stations) {
      for (const { bytes, outgoing } of readTap(station.tap)) {
        const seen = decode(bytes);
        const flight = seen && this.#flights[seen.token - this.#first];
        if (seen === undefined || flight === undefined) continue;
        if (flight.probe.protocol !== seen.probe.protocol) continue;
        isNew = true;
        if (seen.isReply) this.#reply(station, flight, seen, outgoing);
        else this.#request(station, flight, seen.probe, outgoing);
      }
      station.listeners?.answer();
    }
    return isNew;
  }

  #request(station: Station, { token, fate }: Flight, probe: Probe, outgoing: boolean): void {
    const { name } = station.host;
    if (outgoing) {
      if (fate.passed.includes(name) && !fate.sentOn.includes(name)) fate.sentOn.push(name);
      return;
    }
    if (!station.addresses.has(probe.destination)) {
      if (!fate.passed.includes(name)) fate.passed.push(name);
      return;
    }
    fate.arrived ??= { host: name, probe };
    if (ANSWERED.includes(probe.protocol) || station.listeners?.expect(probe) === true) return;
    this.#send(station, turned(probe), token, true);
  }

  #reply(station: Station, { probe, fate }: Flight, seen: Seen, outgoing: boolean): void {
    const { name } = station.host;
    if (outgoing) {
      if (fate.arrived?.host !== name) return;
      fate.answered = true;
      fate.refused = seen.isReset === true;
      return;
    }
    if (name === probe.from && sameEnds(seen.probe, turned(probe))) fate.returned = true;
  }
}

/** The packet that answers, of protocols that are not the kernel's. */
function turned({ protocol, source, destination, sourcePort, destinationPort }: Probe): Probe {
  const back = { protocol, source: destination, destination: source };
  return protocol === 1
    ? { ...back, sourcePort, destinationPort }
    : { ...back, sourcePort: destinationPort, destinationPort: sourcePort };
}

function sameEnds(one: Probe, other: Probe): boolean {
  return (
    one.source === other.source &&
    one.destination === other.destination &&
    one.sourcePort === other.sourcePort &&
    one.destinationPort === other.destinationPort
  );
}
