/** Load balancers of the first generation in the one form. */
import { servingIds } from '../../../region/auto-scaling-group.ts';
import { hashOf } from '../../../region/hash.ts';
import type { ClassicListener, ClassicLoadBalancer } from '../../../region/load-balancer.ts';
import type { Region } from '../../../region/region.ts';
import type { Balancer, Check, Front, Pool } from './balancer.ts';
import { nodesOf } from './balancer-of.ts';
import { certificatesOf } from './certificate.ts';
import { instanceServer, isEnabled } from './server.ts';

/** The id of its machine: names have large letters, too. */
export const classicMachineIdOf = ({ name }: Pick<ClassicLoadBalancer, 'name'>): string =>
  `elb-classic-${hashOf('classic', name).slice(0, 16)}`;

export function classicBalancerOf(region: Region, own: ClassicLoadBalancer): Balancer {
  const pools = own.listeners.map((listener) => poolOf(region, own, listener));
  return {
    id: classicMachineIdOf(own),
    name: own.logicalId,
    type: 'Classic Load Balancer',
    ...{ vpcId: own.vpcId, dnsName: own.dnsName, nodes: nodesOf(region, own) },
    fronts: own.listeners.map((listener) => frontOf(region, own, listener)),
    // Two listeners may lead to the same port.
    pools: [...new Map(pools.map((pool) => [pool.name, pool])).values()],
    idleTimeout: own.idleTimeout,
    forwardedFor: 'append',
  };
}

const isHttp = (protocol: ClassicListener['protocol']): boolean =>
  protocol === 'HTTP' || protocol === 'HTTPS';

const poolName = ({ instanceProtocol, instancePort }: ClassicListener): string =>
  `${instanceProtocol.toLowerCase()}-${instancePort}`;

function frontOf(region: Region, own: ClassicLoadBalancer, listener: ClassicListener): Front {
  const { protocol, loadBalancerPort, certificateArn } = listener;
  const isTls = protocol === 'HTTPS' || protocol === 'SSL';
  const arns = certificateArn === undefined ? [] : [certificateArn];
  return {
    port: loadBalancerPort,
    mode: isHttp(protocol) ? 'http' : 'tcp',
    ...(isTls ? { certificates: certificatesOf(region, own, arns) } : {}),
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html
    http2: false,
    rules: [
      {
        conditions: [],
        action: { kind: 'forward', pools: [{ pool: poolName(listener), weight: 1 }] },
      },
    ],
  };
}

function poolOf(region: Region, own: ClassicLoadBalancer, listener: ClassicListener): Pool {
  const { instanceProtocol, instancePort } = listener;
  return {
    name: poolName(listener),
    mode: isHttp(instanceProtocol) ? 'http' : 'tcp',
    tls: instanceProtocol === 'HTTPS' || instanceProtocol === 'SSL',
    servers: instancesOf(region, own).flatMap((id) => {
      const server = instanceServer(region, id, instancePort);
      return server !== undefined && isEnabled(own, server.zone ?? '')
        ? [{ ...server, name: id }]
        : [];
    }),
    crossZone: own.crossZone,
    algorithm: isHttp(instanceProtocol) ? 'leastconn' : 'roundrobin',
    slowStart: 0,
    deregistrationDelay: own.drainingTimeout,
    proxyProtocol: false,
    check: checkOf(own),
  };
}

/** Registered one by one, and members of its Auto Scaling groups. */
export function instancesOf(region: Region, own: ClassicLoadBalancer): readonly string[] {
  const members = Object.values(region.autoScalingGroups)
    .filter(({ loadBalancerNames }) => loadBalancerNames.includes(own.name))
    .flatMap(servingIds);
  return [...new Set([...own.instanceIds, ...members])];
}

function checkOf({ healthCheck }: ClassicLoadBalancer): Check {
  const { target, ...times } = healthCheck;
  const [, scheme = 'TCP', port = '80', path = ''] =
    /^(TCP|SSL|HTTPS?):(\d+)(\/.*)?$/i.exec(target) ?? [];
  const protocol = scheme.toUpperCase();
  const common = { name: 'health', port: Number(port), ...times };
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return { ...common, protocol: 'TCP' };
  return { ...common, protocol, path: path === '' ? '/' : path, matcher: '200' };
}
