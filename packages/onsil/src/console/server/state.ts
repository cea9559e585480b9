/** The lab for the map: what there is, by name, and what it costs. */
import { billOf } from '../../cost/bill.ts';
import { pricesSince, usdByResource } from '../../cost/by-resource.ts';
import { HOURS_PER_MONTH, PRICES, priceOf } from '../../cost/prices.ts';
import { USAGE, usageText } from '../../cost/usage.ts';
import type { Scene } from '../../diagram/scene.ts';
import { fieldsText, nameOf, routeText } from '../../reach/text/path.ts';
import { publicAddresses } from '../../region/elastic-ip.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../region/security-group.ts';
import type {
  Arrow,
  Cost,
  Group,
  GroupRule,
  Machine,
  Monthly,
  RouteTable,
  State,
  Vpc,
} from '../api.ts';
import type { Context } from './context.ts';

export async function stateOf(context: Context): Promise<Omit<State, 'commands'>> {
  const { region } = context.ground();
  const { revision } = context;
  const { lab, service, phase, seconds, site } = context.view.status();
  const arrows: readonly Arrow[] = await context.model.of({ call: 'arrows' });
  return {
    ...{ lab, service, phase, seconds, site, region: region.name, revision, arrows },
    vpcs: vpcsOf(region),
    machines: Object.values(region.instances).map((each) => machineOf(region, each)),
    managed: managedOf(context, region),
    groups: Object.values(region.securityGroups).map((each) => groupOf(region, each)),
    routeTables: routeTablesOf(region),
    monthly: monthlyOf(costOf(context)),
  };
}

const monthlyOf = ({ bill }: Pick<Cost, 'bill'>): Monthly | null =>
  bill === null
    ? null
    : { usd: bill.total, unknown: bill.unknown.length, pricesSince: bill.pricesSince };

/** The picture with each thing's part of the bill. */
export async function sceneOf(context: Context): Promise<Scene> {
  const { lab, service } = context.view.status();
  const cost = costOf(context);
  const usd = cost.bill === null ? {} : usdByResource(cost.bill);
  const monthly = monthlyOf(cost);
  return context.model.of({
    call: 'scene',
    of: { title: service ?? lab, usd, ...(monthly === null ? {} : { cost: monthly }) },
  });
}

const tag = ({
  id,
  tags,
}: {
  readonly id: string;
  readonly tags: Region['vpcs'][string]['tags'];
}) => tags['Name'] ?? id;

function vpcsOf(region: Region): readonly Vpc[] {
  return Object.values(region.vpcs).map((vpc) => ({
    id: vpc.id,
    name: tag(vpc),
    cidrs: vpc.cidrs,
    internetGateway: Object.values(region.internetGateways).some(({ vpcId }) => vpcId === vpc.id),
    subnets: Object.values(region.subnets)
      .filter(({ vpcId }) => vpcId === vpc.id)
      .map((subnet) => ({
        ...{ id: subnet.id, name: tag(subnet), cidr: subnet.cidr, zone: subnet.zone },
        routeTableId: subnet.routeTableId,
        isPublic: (region.routeTables[subnet.routeTableId]?.routes ?? []).some(
          ({ destination, target }) =>
            destination === '0.0.0.0/0' && target.kind === 'internet-gateway',
        ),
      })),
  }));
}

function machineOf(region: Region, instance: Instance): Machine {
  const { id, name, instanceType, vpcId, subnetId, tags } = instance;
  const own = region.networkInterfaces[instance.networkInterfaceIds[0] ?? ''];
  const pair = publicAddresses(region).find((each) => each.networkInterfaceId === own?.id);
  const price = priceOf(PRICES, region.name, 'EC2', `Linux on-demand ${instanceType}`);
  return {
    ...{ id, name, vpcId, subnetId, type: instanceType, purpose: tags['Purpose'] ?? '' },
    privateIp: own?.privateIps[0] ?? '',
    publicIp: pair?.publicIp ?? null,
    groupIds: own?.securityGroupIds ?? [],
    forwards: own?.sourceDestCheck === false,
    usd: price === undefined ? null : price.usd * HOURS_PER_MONTH,
  };
}

function managedOf(context: Context, region: Region): State['managed'] {
  return context
    .lab()
    .managed.list()
    .map(({ machine: { id, name, type, networkInterfaceIds } }) => {
      const own = networkInterfaceIds.flatMap((each) => region.networkInterfaces[each] ?? []);
      const pairs = publicAddresses(region).filter((each) =>
        networkInterfaceIds.includes(each.networkInterfaceId),
      );
      return {
        ...{ id, name, type },
        subnetIds: [...new Set(own.map(({ subnetId }) => subnetId))],
        privateIps: own.flatMap(({ privateIps }) => privateIps),
        publicIps: pairs.map(({ publicIp }) => publicIp),
        groupIds: [...new Set(own.flatMap(({ securityGroupIds }) => securityGroupIds))],
      };
    });
}

export function groupOf(region: Region, group: SecurityGroup): Group {
  const { id, description, vpcId } = group;
  const carriers = Object.values(region.networkInterfaces).filter(({ securityGroupIds }) =>
    securityGroupIds.includes(id),
  );
  return {
    // As rules that name it call it.
    ...{ id, name: nameOf(region, id), description, vpcId },
    members: [...new Set(carriers.map((each) => nameOf(region, each.id)))],
    ingress: group.ingress.map((each) => lineOf(region, each)),
    egress: group.egress.map((each) => lineOf(region, each)),
  };
}

function lineOf(region: Region, rule: SecurityGroupRule): GroupRule {
  const { id, peer, description = '' } = rule;
  const service = fieldsText(rule);
  const names = {
    cidr: () => (peer.kind === 'cidr' ? peer.cidr : ''),
    cidr6: () => (peer.kind === 'cidr6' ? peer.cidr : ''),
    group: () => (peer.kind === 'group' ? nameOf(region, peer.groupId) : ''),
    'prefix-list': () => (peer.kind === 'prefix-list' ? nameOf(region, peer.prefixListId) : ''),
  };
  return {
    ...{ id, peer: names[peer.kind](), service, why: description },
    ...(peer.kind === 'group' ? { peerGroupId: peer.groupId } : {}),
  };
}

function routeTablesOf(region: Region): readonly RouteTable[] {
  return Object.values(region.routeTables).map((table) => ({
    id: table.id,
    name: tag(table),
    routes: table.routes.map((route) => ({
      destination: route.destination,
      target: routeText(region, route).split(' → ')[1] ?? '',
      isLocal: route.target.kind === 'local',
    })),
  }));
}

export function costOf(context: Context): Omit<Cost, 'commands'> {
  const given = context.lab().metadata?.usage ?? {};
  const usage = { ...USAGE, ...given };
  const bill = billOf(context.ground().region, context.view.resources(), usage, PRICES);
  return {
    bill: {
      ...{ region: bill.region, total: bill.total, pricesSince: pricesSince(bill) },
      lines: bill.lines.map(({ resource, what, quantity, unit, unitUsd, usd, date }) => ({
        ...{ resource, what, quantity, unit, unitUsd, usd, date },
      })),
      unknown: bill.unknown,
    },
    assumptions: usageText(usage, given),
  };
}
