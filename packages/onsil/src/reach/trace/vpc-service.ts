/**
 * Services that are beside all filters and route tables.
 * https://docs.aws.amazon.com/vpc/latest/userguide/infrastructure-security.html ("security groups
 * and network ACLs do not filter …"), AmazonDNS-concepts.html, and for the addresses
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
 */
import { SERVICE_ADDRESSES_6, SERVICES_6 } from '../address-space.ts';
import { addressOf, LINK_LOCAL, single } from '../addresses.ts';
import { TCP, UDP } from '../packet-set/packet.ts';
import type { PacketSet, Range } from '../packet-set/packet-set.ts';
import type { Port } from '../port.ts';
import { toPort, toPortOfEither } from '../rule-packets.ts';
import { nobody } from './edge.ts';
import {
  ends,
  type Outcome,
  type Part,
  passed,
  passing,
  remaining,
  type State,
  withAddress,
} from './state.ts';

interface VpcService {
  readonly name: string;
  readonly address: number;
  /** What it answers. */
  readonly packets: PacketSet;
}

const METADATA = addressOf('169.254.169.254');
const RESOLVER = addressOf('169.254.169.253');
const TIME = addressOf('169.254.169.123');

/** Windows licences and ECS task metadata: nothing of a region's state says whether they answer. */
const UNKNOWN = ['169.254.169.250', '169.254.169.251', '169.254.170.2'].map(addressOf);

/** What is for the services of a VPC, whether or not one answers there. */
interface Services {
  readonly special: readonly Range[];
  readonly services: readonly VpcService[];
  readonly unknown: readonly { readonly addresses: readonly number[]; readonly resource: string }[];
}

function servicesOf(state: State, port: Port): Services {
  return state.model.space.family === 'ipv4' ? services4(state, port) : services6(state, port);
}

function services4({ model }: State, { vpc, vpcRanges, networkInterface }: Port): Services {
  const [primary] = vpcRanges;
  const base = primary === undefined ? [] : [primary.first + 2];
  const instance = model.region.instances[networkInterface.attachment?.instanceId ?? ''];
  const metadata = instance?.metadataOptions.enabled !== false;
  const resolvers = vpc.dnsSupport && primary !== undefined ? [RESOLVER, ...base] : [];
  return {
    special: [LINK_LOCAL, ...base.map(single)],
    services: [
      ...(metadata
        ? [{ name: 'instance metadata', address: METADATA, packets: toPort(TCP, 80) }]
        : []),
      ...resolvers.map(resolverAt),
      { name: 'time service', address: TIME, packets: toPort(UDP, 123) },
    ],
    unknown: [{ addresses: UNKNOWN, resource: 'link-local service of AWS' }],
  };
}

const resolverAt = (address: number): VpcService => ({
  ...{ name: 'VPC resolver', address, packets: toPortOfEither(53) },
});

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html */
function services6({ model: { space } }: State, { vpc }: Port): Services {
  const { metadata, resolver, time } = SERVICE_ADDRESSES_6;
  return {
    special: space.rangesOf(SERVICES_6),
    services: [
      ...(vpc.dnsSupport ? [resolverAt(space.addressOf(resolver))] : []),
      { name: 'time service', address: space.addressOf(time), packets: toPort(UDP, 123) },
    ],
    // Off where an instance does not ask for it; the region has no state for that option.
    unknown: [{ addresses: [space.addressOf(metadata)], resource: 'instance metadata by IPv6' }],
  };
}

/** What is for services, and what is not: nothing wider carries such a destination. */
export function askServices(
  state: State,
  from: Port,
): { readonly part: Part; readonly outcomes: readonly Outcome[] } {
  const { special, services, unknown } = servicesOf(state, from);
  const caught = withAddress(state, 'destination', special);
  if (caught === undefined) return { part: state, outcomes: [] };
  const outcomes: Outcome[] = [];
  let rest: Part = caught;
  const take = (part: Part, outcome: (part: State) => Outcome): void => {
    if (part === undefined || rest === undefined) return;
    outcomes.push(outcome(part));
    rest = remaining(rest, part);
  };
  for (const { name, address, packets } of services) {
    const asked =
      rest === undefined ? undefined : withAddress(rest, 'destination', [single(address)]);
    const answered = asked === undefined ? undefined : passing(asked, packets);
    take(answered, (part) =>
      ends(
        passed(part, { kind: 'vpc-service', name, address: state.model.space.textOf(address) }),
        { kind: 'reachable' },
      ),
    );
  }
  for (const { addresses, resource } of unknown) {
    const open =
      rest === undefined ? undefined : withAddress(rest, 'destination', addresses.map(single));
    take(open, (part) => ends(part, { kind: 'not-modelled', way: part.way, resource }));
  }
  if (rest !== undefined) outcomes.push(nobody(rest));
  return { part: remaining(state, caught), outcomes };
}
