/**
 * Services that are beside all filters and route tables.
 * https://docs.aws.amazon.com/vpc/latest/userguide/infrastructure-security.html ("security groups
 * and network ACLs do not filter …"), AmazonDNS-concepts.html, and for the addresses
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
 */
import { addressOf, LINK_LOCAL, single } from '../addresses.ts';
import type { Port } from '../model.ts';
import { TCP, UDP } from '../packet-set/packet.ts';
import type { PacketSet } from '../packet-set/packet-set.ts';
import { toPort, toPortOfEither } from '../rule-packets.ts';
import { nobody } from './internet-gateway.ts';
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

function servicesOf(
  { model }: State,
  { vpc, vpcRanges, networkInterface }: Port,
): readonly VpcService[] {
  const [primary] = vpcRanges;
  const instance = model.region.instances[networkInterface.attachment?.instanceId ?? ''];
  const metadata = instance?.metadataOptions.enabled !== false;
  const resolvers = vpc.dnsSupport && primary !== undefined ? [RESOLVER, primary.first + 2] : [];
  return [
    ...(metadata
      ? [{ name: 'instance metadata', address: METADATA, packets: toPort(TCP, 80) }]
      : []),
    ...resolvers.map((address) => ({ name: 'VPC resolver', address, packets: toPortOfEither(53) })),
    { name: 'time service', address: TIME, packets: toPort(UDP, 123) },
  ];
}

/** What is for services, and what is not: nothing wider carries a link-local destination. */
export function askServices(
  state: State,
  from: Port,
): { readonly part: Part; readonly outcomes: readonly Outcome[] } {
  const [primary] = from.vpcRanges;
  const special = [LINK_LOCAL, ...(primary === undefined ? [] : [single(primary.first + 2)])];
  const caught = withAddress(state, 'destination', special);
  if (caught === undefined) return { part: state, outcomes: [] };
  const outcomes: Outcome[] = [];
  let rest: Part = caught;
  const take = (part: Part, outcome: (part: State) => Outcome): void => {
    if (part === undefined || rest === undefined) return;
    outcomes.push(outcome(part));
    rest = remaining(rest, part);
  };
  for (const { name, address, packets } of servicesOf(state, from)) {
    const asked =
      rest === undefined ? undefined : withAddress(rest, 'destination', [single(address)]);
    const answered = asked === undefined ? undefined : passing(asked, packets);
    take(answered, (part) =>
      ends(passed(part, { kind: 'vpc-service', name, address }), { kind: 'reachable' }),
    );
  }
  const unknown =
    rest === undefined ? undefined : withAddress(rest, 'destination', UNKNOWN.map(single));
  take(unknown, (part) =>
    ends(part, { kind: 'not-modelled', way: part.way, resource: 'link-local service of AWS' }),
  );
  if (rest !== undefined) outcomes.push(nobody(rest));
  return { part: remaining(state, caught), outcomes };
}
