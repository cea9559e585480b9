import { expect, test } from 'vitest';
import { stackOf } from '../../../cloudformation/testing.ts';
import { leftOut } from '../../left-out.ts';
import { inShop, SHOP } from './testing.ts';

const told = (text: string): readonly string[] => {
  const { region, stack } = stackOf(text);
  return leftOut(region, stack.resources).map(({ path, message }) => `${path}: ${message}`);
};
const network = (group: string, protocol = 'TCP') =>
  inShop(`
Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal, Subnets: [!Ref A]}}
Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {VpcId: !Ref Vpc, Port: 53, ${group}}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Ref Front
    Port: 53
    Protocol: ${protocol}
    DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]`);
const PRESERVE = /^Resources\.Group: its targets see the load balancer's own addresses/;

test('an Application Load Balancer is run', () => {
  expect(told(SHOP)).toEqual([]);
});

test.each([
  ['Protocol: TCP', true],
  ['Protocol: TCP, TargetType: ip', false],
  ['Protocol: UDP, TargetType: ip', true],
  [
    'Protocol: TCP, TargetGroupAttributes: [{Key: preserve_client_ip.enabled, Value: false}]',
    false,
  ],
  [
    'Protocol: TLS, TargetType: ip, TargetGroupAttributes: [{Key: preserve_client_ip.enabled, Value: true}]',
    true,
  ],
])('addresses of clients that a group of %s would preserve: %s', (group, preserves) => {
  expect(told(network(group)).some((each) => PRESERVE.test(each))).toBe(preserves);
});

test('UDP is named', () => {
  const udp = 'Resources.Listener: load balancers take no UDP in the lab: port 53 drops it';
  expect(told(network('Protocol: UDP', 'UDP'))).toContain(`${udp}.`);
  expect(told(network('Protocol: TCP_UDP', 'TCP_UDP'))).toContain(`${udp}; TCP is answered.`);
});

test('functions and logins are named', () => {
  const text = `${SHOP}
  Function: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda}}
  Login:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 1
      Conditions: [{Field: path-pattern, Values: [/a]}]
      Actions:
        - {Type: authenticate-oidc, Order: 1, AuthenticateOidcConfig: {ClientId: a}}
        - {Type: forward, Order: 2, TargetGroupArn: !Ref Main}
`;
  expect(told(text)).toEqual([
    'Resources.Login: the lab has no logins of load balancers: requests pass without one.',
    'Resources.Function: the lab runs no functions: requests for it get 503.',
  ]);
});
