import { expect, test } from 'vitest';
import { stackOf } from '../../../cloudformation/testing.ts';
import { inShop } from '../../managed/load-balancer/testing.ts';
import { loadBalancerNames } from './load-balancer.ts';

/** A Network Load Balancer in the zones of `one` and `two`; by default, only `one` is a target. */
function names(attributes = '', targets = '[{Id: !Ref one}]') {
  const { region } = stackOf(
    inShop(`
Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B]${attributes}}}
Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {VpcId: !Ref Vpc, Port: 22, Protocol: TCP, Targets: ${targets}}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Front, Port: 22, Protocol: TCP, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]}`),
  );
  const [balancer] = Object.values(region.loadBalancers);
  const all = loadBalancerNames(region);
  const name = balancer?.dnsName.toLowerCase() ?? '';
  return ['', 'ap-northeast-2a.', 'ap-northeast-2b.'].map((zone) => all.get(`${zone}${name}`));
}

const A = expect.stringMatching(/^10\.0\.1\.\d+$/);
const B = expect.stringMatching(/^10\.0\.2\.\d+$/);

test('a zone without a target is in no name but its own', () => {
  expect(names()).toEqual([[A], [A], [B]]);
});

test('every zone is, where nodes send to all zones, or nobody is a target', () => {
  const cross =
    ", LoadBalancerAttributes: [{Key: load_balancing.cross_zone.enabled, Value: 'true'}]";
  expect(names(cross)).toEqual([[A, B], [A], [B]]);
  expect(names('', '[]')).toEqual([[A, B], [A], [B]]);
  expect(names('', '[{Id: !Ref one}, {Id: !Ref two}]')).toEqual([[A, B], [A], [B]]);
});
