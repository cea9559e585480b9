/** Application and Network Load Balancers of a region in the one form. */
import type { Listener, ListenerAction } from '../../../region/listener.ts';
import type { LoadBalancer } from '../../../region/load-balancer.ts';
import type { Region } from '../../../region/region.ts';
import type { TargetGroup } from '../../../region/target-group.ts';
import type { Action, Balancer, Front, Node, Pool, Rule, Stickiness } from './balancer.ts';
import { certificatesOf } from './certificate.ts';
import { serversOf } from './server.ts';

/** The id of its machine. */
export const machineIdOf = ({ arn }: Pick<LoadBalancer, 'arn'>): string =>
  `elb-${arn.slice(arn.lastIndexOf('/') + 1)}`;

export function balancerOf(region: Region, own: LoadBalancer): Balancer {
  const listeners = Object.values(region.listeners).filter(
    ({ loadBalancerArn, protocol }) => loadBalancerArn === own.arn && protocol !== 'UDP',
  );
  const fronts = listeners.map((listener) => frontOf(region, own, listener));
  const used = new Set(fronts.flatMap(poolsUsed));
  const isNetwork = own.type === 'network';
  const attribute = isNetwork ? 'tcp.idle_timeout.seconds' : 'idle_timeout.timeout_seconds';
  return {
    id: machineIdOf(own),
    name: own.logicalId,
    type: isNetwork ? 'Network Load Balancer' : 'Application Load Balancer',
    ...{ vpcId: own.vpcId, dnsName: own.dnsName, nodes: nodesOf(region, own), fronts },
    pools: Object.values(region.targetGroups)
      .filter(({ name }) => used.has(name))
      .map((group) => poolOf(region, own, group)),
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#connection-idle-timeout
    idleTimeout: numberOf(own.attributes[attribute], isNetwork ? 350 : 60),
    forwardedFor: forwardedForOf(own.attributes['routing.http.xff_header_processing.mode']),
  };
}

export function nodesOf(region: Region, { zones }: Pick<LoadBalancer, 'zones'>): readonly Node[] {
  return zones.flatMap((zone) => {
    const address = region.networkInterfaces[zone.networkInterfaceId]?.privateIps[0];
    return address === undefined ? [] : [{ ...zone, address }];
  });
}

/** Names of the target groups that its rules may send to. */
function poolsUsed({ rules }: Front): readonly string[] {
  return rules.flatMap(({ action }) =>
    action.kind === 'forward' ? action.pools.map(({ pool }) => pool) : [],
  );
}

function frontOf(region: Region, own: LoadBalancer, listener: Listener): Front {
  const isTls = listener.protocol === 'HTTPS' || listener.protocol === 'TLS';
  const ruled = Object.values(region.listenerRules)
    .filter(({ listenerArn }) => listenerArn === listener.arn)
    .toSorted((a, b) => a.priority - b.priority)
    .flatMap(({ conditions, actions }) => ruleOf(region, conditions, actions));
  return {
    port: listener.port,
    mode: own.type === 'network' ? 'tcp' : 'http',
    ...(isTls ? { certificates: certificatesOf(region, own, listener.certificateArns) } : {}),
    http2: own.attributes['routing.http2.enabled'] !== 'false',
    rules: [...ruled, ...ruleOf(region, [], listener.defaultActions)],
  };
}

/** Logins, which are not modelled, are passed over; the last action is the one that answers. */
function ruleOf(
  region: Region,
  conditions: Rule['conditions'],
  actions: readonly ListenerAction[],
): readonly Rule[] {
  const answers = actions.flatMap((each) => actionOf(region, each) ?? []);
  const last = answers.at(-1);
  return last === undefined ? [] : [{ conditions, action: last }];
}

function actionOf(region: Region, action: ListenerAction): Action | undefined {
  if (action.kind === 'not-modelled') return undefined;
  if (action.kind !== 'forward') return action;
  const pools = action.targetGroups.flatMap(({ arn, weight }) => {
    const group = region.targetGroups[arn];
    return group === undefined ? [] : [{ pool: group.name, weight }];
  });
  const sticky = action.stickySeconds === undefined ? {} : { stickySeconds: action.stickySeconds };
  return { kind: 'forward', pools, ...sticky };
}

function poolOf(region: Region, own: LoadBalancer, group: TargetGroup): Pool {
  const { attributes, healthCheck } = group;
  const isNetwork = own.type === 'network';
  const { enabled, ...check } = healthCheck;
  const stickiness = stickinessOf(attributes);
  return {
    name: group.name,
    mode: isNetwork ? 'tcp' : 'http',
    tls: group.protocol === 'HTTPS' || group.protocol === 'TLS',
    servers: serversOf(region, group, own),
    crossZone: crossesZones(own, group),
    algorithm: algorithmOf(isNetwork, attributes['load_balancing.algorithm.type']),
    ...(stickiness === undefined ? {} : { stickiness }),
    slowStart: numberOf(attributes['slow_start.duration_seconds'], 0),
    deregistrationDelay: numberOf(attributes['deregistration_delay.timeout_seconds'], 300),
    proxyProtocol: attributes['proxy_protocol_v2.enabled'] === 'true',
    ...(enabled ? { check: { ...check, name: group.name } } : {}),
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#cross-zone-load-balancing */
export function crossesZones(
  own: Pick<LoadBalancer, 'type' | 'attributes'>,
  group: Pick<TargetGroup, 'attributes'>,
): boolean {
  const name = 'load_balancing.cross_zone.enabled';
  const wish = group.attributes[name] ?? 'use_load_balancer_configuration';
  if (wish !== 'use_load_balancer_configuration') return wish === 'true';
  return (own.attributes[name] ?? String(own.type === 'application')) === 'true';
}

/** A Network Load Balancer draws by a hash of the flow: of many flows, each target has its part. */
function algorithmOf(isNetwork: boolean, type: string | undefined): Pool['algorithm'] {
  if (isNetwork || type === 'weighted_random') return 'random';
  return type === 'least_outstanding_requests' ? 'leastconn' : 'roundrobin';
}

const DAY = 86_400;

function stickinessOf(attributes: TargetGroup['attributes']): Stickiness | undefined {
  if (attributes['stickiness.enabled'] !== 'true') return undefined;
  switch (attributes['stickiness.type']) {
    case 'source_ip':
      return { kind: 'source_ip' };
    case 'app_cookie': {
      const seconds = numberOf(attributes['stickiness.app_cookie.duration_seconds'], DAY);
      const cookie = attributes['stickiness.app_cookie.cookie_name'] ?? '';
      return cookie === '' ? undefined : { kind: 'app_cookie', seconds, cookie };
    }
    default: {
      const seconds = numberOf(attributes['stickiness.lb_cookie.duration_seconds'], DAY);
      return { kind: 'lb_cookie', seconds };
    }
  }
}

function forwardedForOf(mode: string | undefined): Balancer['forwardedFor'] {
  return mode === 'preserve' || mode === 'remove' ? mode : 'append';
}

function numberOf(text: string | undefined, fallback: number): number {
  const number = Number(text ?? '');
  return text === undefined || text === '' || !Number.isFinite(number) ? fallback : number;
}

/** The load balancers with a listener or a rule that may send to the group. */
export function balancersUsing(
  region: Region,
  { arn }: Pick<TargetGroup, 'arn'>,
): readonly { readonly id: string; readonly own: LoadBalancer }[] {
  const names = (actions: readonly ListenerAction[]): boolean =>
    actions.some(
      (each) => each.kind === 'forward' && each.targetGroups.some((to) => to.arn === arn),
    );
  const rules = Object.values(region.listenerRules).filter(({ actions }) => names(actions));
  const arns = Object.values(region.listeners)
    .filter(
      (each) =>
        names(each.defaultActions) || rules.some(({ listenerArn }) => listenerArn === each.arn),
    )
    .map(({ loadBalancerArn }) => loadBalancerArn);
  return [...new Set(arns)].flatMap((each) => {
    const own = region.loadBalancers[each];
    return own === undefined ? [] : [{ id: machineIdOf(own), own }];
  });
}
