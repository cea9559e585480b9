/**
 * Network ACLs: stateless, in order, only where a packet crosses the edge of a subnet.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
import type { NetworkAcl } from '../../region/network-acl.ts';
import type { Region } from '../../region/region.ts';
import { LAST_ENTRY } from './label.ts';
import { SERVICES } from './names.ts';
import type { InterfacePlan } from './network-interface.ts';
import { addressMatches, packetMatches } from './packet-match.ts';
import { type Chain, decide, type Lookup, type Ruleset, rule } from './ruleset.ts';

/**
 * `leave-<subnet>` and `enter-<subnet>` return at once where the other end is inside the same
 * subnet, else ask the ACL's chain, which returns what it allows and drops the rest. What leaves
 * has asked the subnet's route table next.
 */
export function planNetworkAcls(
  region: Region,
  vpcId: string,
  interfaces: readonly InterfacePlan[],
): Ruleset {
  const subnets = Object.values(region.subnets).filter((subnet) => subnet.vpcId === vpcId);
  const used = new Set(subnets.map((subnet) => subnet.networkAclId));
  const acls = Object.values(region.networkAcls).filter((acl) => used.has(acl.id));
  return {
    lookups: [
      ...subnets.map(({ id }) => insideOf(id, interfaces)),
      boundary('leave', interfaces),
      boundary('enter', interfaces),
    ],
    chains: [
      ...acls.flatMap((acl) => [aclChain(acl, true), aclChain(acl, false)]),
      ...subnets.flatMap((subnet) => [
        {
          name: `leave-${subnet.id}`,
          rules: [
            rule('return', `oifname @inside-${subnet.id}`),
            // An address among the neighbours that nobody has.
            rule('return', 'oifname "lo"', `ip daddr ${subnet.cidr}`),
            rule(`jump network-acl-egress-${subnet.networkAclId}`),
            ...(region.routeTables[subnet.routeTableId] === undefined
              ? []
              : [rule(`goto route-table-${subnet.routeTableId}`)]),
          ],
        },
        {
          name: `enter-${subnet.id}`,
          rules: [
            rule('return', `iifname @inside-${subnet.id}`),
            rule(`goto network-acl-ingress-${subnet.networkAclId}`),
          ],
        },
      ]),
    ],
  };
}

/** Link-local services are beside every subnet: no ACL sees packets from or to them. */
function insideOf(subnetId: string, interfaces: readonly InterfacePlan[]): Lookup {
  const names = interfaces.filter((each) => each.subnetId === subnetId).map(({ name }) => name);
  return {
    name: `inside-${subnetId}`,
    type: 'ifname',
    elements: [SERVICES, ...names].map((name) => `"${name}"`),
  };
}

function boundary(way: 'leave' | 'enter', interfaces: readonly InterfacePlan[]): Lookup {
  return {
    name: `${way}-subnets`,
    type: 'ifname : verdict',
    elements: interfaces.map(({ name, subnetId }) => `"${name}" : jump ${way}-${subnetId}`),
  };
}

function aclChain(acl: NetworkAcl, egress: boolean): Chain {
  const direction = egress ? 'egress' : 'ingress';
  const by = (entry: number) =>
    ({ kind: 'network-acl', direction, networkAclId: acl.id, entry }) as const;
  const entries = acl.entries
    // IPv6 is off in the lab's routers.
    .filter((entry) => entry.egress === egress && !entry.cidr.includes(':'))
    .sort((a, b) => a.number - b.number);
  return {
    name: `network-acl-${direction}-${acl.id}`,
    rules: [
      ...entries.map((entry) =>
        decide(
          by(entry.number),
          entry.action === 'allow' ? 'return' : 'drop',
          ...addressMatches(egress ? 'daddr' : 'saddr', entry.cidr),
          ...packetMatches(entry),
        ),
      ),
      decide(by(LAST_ENTRY), 'drop'),
    ],
  };
}
