/** Ways on for packets that no route carries, and ways back for replies that go astray. */
import { allocatePublicIp } from '../../region/allocate.ts';
import type { RouteTarget } from '../../region/route-table.ts';
import { isIn, within } from '../addresses.ts';
import { type Model, natInstances } from '../model.ts';
import type { Packet } from '../packet-set/packet.ts';
import type { Port } from '../port.ts';
import type { Blocker, Way } from '../verdict.ts';
import type { Change } from './change.ts';

export function wayOn(
  model: Model,
  by: Blocker & { readonly component: 'route-table' },
  { destination }: Packet,
  way: Way,
): Change | undefined {
  const sender = model.ports.get(by.networkInterfaceId);
  if (sender === undefined) return undefined;
  const { routeTableId } = by;
  const peer = [...model.vpcRanges].find(([, ranges]) => isIn(destination, ranges));
  if (peer !== undefined) return byPeering(model, routeTableId, sender, peer[0], destination);
  // The hole stays one as long as its own destination leads nowhere.
  const hole = by.code === 'BAD_STATE_ROUTE' ? by.route.destination : undefined;
  const endpoint = endpointFor(model, sender, destination);
  if (endpoint !== undefined) {
    return { kind: 'set-route', routeTableId, route: endpoint };
  }
  const target = targetOut(model, sender, way);
  if (target === undefined) return attachGateway(model, sender.vpc.id);
  return {
    kind: 'set-route',
    routeTableId,
    route: { destination: hole ?? anywhere(model), target },
  };
}

const anywhere = ({ space }: Model): string => (space.family === 'ipv4' ? '0.0.0.0/0' : '::/0');

/** By a connection of the two VPCs, which must be accepted first. */
function byPeering(
  { region, space }: Model,
  routeTableId: string,
  { vpc: { id: vpcId } }: Port,
  peerId: string,
  destination: number,
): Change | undefined {
  const connection = Object.values(region.vpcPeeringConnections).find(
    ({ requesterVpcId: one, accepterVpcId: other }) =>
      (one === vpcId && other === peerId) || (one === peerId && other === vpcId),
  );
  const vpc = region.vpcs[peerId];
  const cidr = [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])].find((each) =>
    isIn(destination, space.rangesOf(each)),
  );
  if (connection === undefined || cidr === undefined) return undefined;
  const { id } = connection;
  if (!connection.active) return { kind: 'accept-peering', vpcPeeringConnectionId: id };
  const target = { kind: 'vpc-peering-connection', id } as const;
  return { kind: 'set-route', routeTableId, route: { destination: cidr, target } };
}

/** The route of a gateway endpoint of the VPC, where the destination is its service. */
function endpointFor({ region, space }: Model, { vpc }: Port, destination: number) {
  const service = [...space.standIns.values()].find(({ range }) => within(destination, range));
  const listed = region.prefixLists[service?.prefixListId ?? ''];
  const found = Object.values(region.vpcEndpoints).find(
    ({ vpcId, type, serviceName }) =>
      vpcId === vpc.id && type === 'gateway' && serviceName === listed?.name,
  );
  if (found === undefined || listed === undefined) return undefined;
  return { destination: listed.id, target: { kind: 'vpc-endpoint', id: found.id } } as const;
}

/** By the Internet gateway with a public address, else by a NAT gateway or instance of the VPC. */
function targetOut(model: Model, sender: Port, way: Way): RouteTarget | undefined {
  const gateway = internetGatewayOf(model, sender.vpc.id);
  if (model.space.family === 'ipv6') {
    const egressOnly = Object.values(model.region.egressOnlyInternetGateways).find(
      ({ vpcId }) => vpcId === sender.vpc.id,
    );
    return egressOnly === undefined || way === 'return'
      ? gateway
      : { kind: 'egress-only-internet-gateway', id: egressOnly.id };
  }
  const isVisible = model.associations.some(({ port }) => port.id === sender.id);
  return isVisible ? gateway : (translatorFor(model, sender) ?? gateway);
}

function translatorFor({ region }: Model, { id, vpc, subnet }: Port): RouteTarget | undefined {
  const gateway = Object.values(region.natGateways).find(
    ({ vpcId, subnetId, connectivity }) =>
      vpcId === vpc.id && subnetId !== subnet.id && connectivity === 'public',
  );
  if (gateway !== undefined) return { kind: 'nat-gateway', id: gateway.id };
  const instance = [...natInstances(region)].find(
    (each) => each !== id && region.networkInterfaces[each]?.vpcId === vpc.id,
  );
  return instance === undefined ? undefined : { kind: 'network-interface', id: instance };
}

function internetGatewayOf({ region }: Model, vpcId: string): RouteTarget | undefined {
  const found = Object.values(region.internetGateways).find((each) => each.vpcId === vpcId);
  return found === undefined ? undefined : { kind: 'internet-gateway', id: found.id };
}

/**
 * A reply that would be translated, or is not let out, must leave by the Internet gateway instead.
 * @param throughId the interface that would translate it
 */
export function directReply(
  model: Model,
  { source }: Packet,
  throughId: string | undefined,
): Change | undefined {
  const sender = [...model.ports.values()].find(({ own }) => isIn(source, own));
  if (sender === undefined || sender.id === throughId) return undefined;
  const target = internetGatewayOf(model, sender.vpc.id);
  if (target === undefined) return undefined;
  const { routeTableId } = sender.subnet;
  return { kind: 'set-route', routeTableId, route: { destination: anywhere(model), target } };
}

/** Of an instance: a service of AWS has the addresses that it was made with. */
export function publicAddress(
  { region, ports }: Model,
  networkInterfaceId: string,
): Change | undefined {
  if (ports.get(networkInterfaceId)?.service !== undefined) return undefined;
  const publicIp = allocatePublicIp(region, networkInterfaceId);
  return publicIp === undefined
    ? undefined
    : { kind: 'associate-public-address', networkInterfaceId, publicIp };
}

export function attachGateway({ region }: Model, vpcId: string): Change {
  const free = Object.values(region.internetGateways).find((each) => each.vpcId === undefined);
  const internetGatewayId = free?.id ?? 'igw-proposed';
  return { kind: 'attach-internet-gateway', vpcId, internetGatewayId };
}
