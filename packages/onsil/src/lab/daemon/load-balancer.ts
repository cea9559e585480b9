/** What the turns of resources in a stack mean to the load balancers that run. */
import type { Region } from '../../region/region.ts';
import { machineIdOf } from '../managed/load-balancer/balancer-of.ts';
import { classicMachineIdOf } from '../managed/load-balancer/classic-balancer-of.ts';
import type { LoadBalancers } from '../managed/load-balancers.ts';
import type { Work } from '../stacks/applier.ts';
import type { Runner } from './applier.ts';

/** Of what a load balancer is configured by: it follows them, and they are complete when it has. */
const PARTS = [
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
];

/**
 * Runners by resource type.
 * @param prepare begins to build the image of managed machines
 */
export function loadBalancerRunners(
  region: () => Region,
  balancers: LoadBalancers,
  prepare: () => void,
): ReadonlyMap<string, Runner> {
  const runner = (idOf: (physicalId: string) => string | undefined): Runner => {
    const ensure = async ({ resource }: Pick<Work, 'resource'>): Promise<void> => {
      const id = idOf(resource.physicalId);
      if (id !== undefined) await balancers.ensure(id);
    };
    return {
      begin: prepare,
      create: ensure,
      update: ensure,
      remove: async ({ resource }) => {
        const id = idOf(resource.physicalId);
        if (id !== undefined) await balancers.remove(id);
      },
    };
  };
  const follow = (): Promise<void> => balancers.follow();
  return new Map<string, Runner>([
    [
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      runner((arn) => {
        const own = region().loadBalancers[arn];
        return own === undefined ? undefined : machineIdOf(own);
      }),
    ],
    [
      'AWS::ElasticLoadBalancing::LoadBalancer',
      runner((name) => {
        const own = region().classicLoadBalancers[name];
        return own === undefined ? undefined : classicMachineIdOf(own);
      }),
    ],
    ...PARTS.map((type): [string, Runner] => [
      type,
      { create: follow, update: follow, remove: async () => {} },
    ]),
  ]);
}
