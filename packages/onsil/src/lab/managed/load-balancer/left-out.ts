/** What of load balancers the lab does not run. */
import type { ListenerAction } from '../../../region/listener.ts';
import type { Region } from '../../../region/region.ts';
import type { TargetGroup } from '../../../region/target-group.ts';
import type { LeftOut } from '../../left-out.ts';
import { balancersUsing } from './balancer-of.ts';

export function loadBalancersLeftOut(region: Region): readonly LeftOut[] {
  return [...listeners(region), ...logins(region), ...targetGroups(region)];
}

function listeners(region: Region): readonly LeftOut[] {
  return Object.values(region.listeners).flatMap(({ arn, protocol, port }) => {
    if (protocol !== 'UDP' && protocol !== 'TCP_UDP') return [];
    const rest = protocol === 'UDP' ? '' : '; TCP is answered';
    return [
      { id: arn, message: `load balancers take no UDP in the lab: port ${port} drops it${rest}.` },
    ];
  });
}

function logins(region: Region): readonly LeftOut[] {
  const message = 'the lab has no logins of load balancers: requests pass without one.';
  const has = (actions: readonly ListenerAction[]): boolean =>
    actions.some(({ kind }) => kind === 'not-modelled');
  return [
    ...Object.values(region.listeners).filter(({ defaultActions }) => has(defaultActions)),
    ...Object.values(region.listenerRules).filter(({ actions }) => has(actions)),
  ].map(({ arn }) => ({ id: arn, message }));
}

function targetGroups(region: Region): readonly LeftOut[] {
  return Object.values(region.targetGroups).flatMap((group) => {
    const { arn: id, targetType } = group;
    if (targetType === 'lambda') {
      return [{ id, message: 'the lab runs no functions: requests for it get 503.' }];
    }
    const networks = balancersUsing(region, group).filter(({ own }) => own.type === 'network');
    if (networks.length === 0 || !preservesClient(group)) return [];
    const message =
      "its targets see the load balancer's own addresses, not those of clients, which the lab " +
      'does not preserve: a rule that admits clients by their addresses alone drops them here.';
    return [{ id, message }];
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation */
function preservesClient({ targetType, protocol, attributes }: TargetGroup): boolean {
  const isStream = protocol === 'TCP' || protocol === 'TLS';
  const byDefault = String(targetType !== 'ip' || !isStream);
  return (attributes['preserve_client_ip.enabled'] ?? byDefault) === 'true';
}
