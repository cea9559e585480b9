/** What `reach` says about one packet, in terms of what can be seen of it. */
import { OUTSIDE_HOSTS } from '../lab/addresses.ts';
import type { SentProbe } from '../lab/probe/exchange.ts';
import { addressOf, single } from '../reach/addresses.ts';
import type { Model } from '../reach/model.ts';
import { box } from '../reach/packet-set/packet-set.ts';
import type { Outcome } from '../reach/trace/state.ts';
import { trace } from '../reach/trace/trace.ts';
import { hostOfInterface, outsideHostOf, SERVICES_HOST } from './hosts.ts';

export interface Prediction {
  readonly outcome: Outcome;
  /** The host that gets the packet; absent: none does. */
  readonly arrivesAt?: string;
  /** Hosts that send it on, in order. */
  readonly forwardedBy: readonly string[];
}

const ICMP = 1;
const PORTS = [6, 17];

/** Throws RangeError where the sender has no such interface. */
export function predict(model: Model, probe: SentProbe): Prediction {
  const { protocol, sourcePort, destinationPort } = probe;
  const source = addressOf(probe.source);
  const numbers = protocol === ICMP ? [8, 0] : [sourcePort, destinationPort];
  const [first = 0, second = 0] = numbers;
  const isDetailed = protocol === ICMP || PORTS.includes(protocol);
  const outcomes = trace(model, {
    from: endOf(model, probe),
    to: { kind: 'addresses', ranges: [single(addressOf(probe.destination))] },
    packets: box({
      protocol,
      sources: [single(source)],
      ...(isDetailed ? { details: [single(first), single(second)] } : {}),
    }),
  });
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length > 1) {
    throw new Error(`One packet has ${outcomes.length} outcomes: ${JSON.stringify(probe)}`);
  }
  const arrivesAt = arrivalOf(model, probe, outcome);
  const forwardedBy = outcome.forward.flatMap((hop) =>
    hop.kind === 'network-interface' && hop.does === 'forwards'
      ? // A NAT gateway is nobody's host: what it does shows in where the packet comes to.
        (hostOfInterface(model.region, hop.id) ?? [])
      : [],
  );
  return { outcome, ...(arrivesAt === undefined ? {} : { arrivesAt }), forwardedBy };
}

function endOf(model: Model, { from, source }: SentProbe) {
  const address = addressOf(source);
  if (Object.hasOwn(OUTSIDE_HOSTS, from)) {
    return { kind: 'addresses', ranges: [single(address)] } as const;
  }
  const port = [...model.ports.values()].find(
    ({ id, own }) =>
      own.some(({ first }) => first === address) && hostOfInterface(model.region, id) === from,
  );
  if (port === undefined) throw new RangeError(`${from} has no interface with ${source}.`);
  return { kind: 'network-interface', id: port.id } as const;
}

function arrivalOf(
  { region }: Model,
  { destination }: SentProbe,
  { verdict, forward }: Outcome,
): string | undefined {
  if (verdict.kind !== 'reachable' && verdict.way === 'forward') return undefined;
  const last = forward.at(-1);
  switch (last?.kind) {
    case 'vpc-service':
      return SERVICES_HOST;
    case 'internet':
      return outsideHostOf(destination) ?? destination;
    case 'network-interface':
      // What a host sends to itself has no other hop than the one that sends it.
      return hostOfInterface(region, last.id) ?? last.id;
    default:
      throw new Error(`An arrival ends with ${last?.kind ?? 'nothing'}.`);
  }
}
