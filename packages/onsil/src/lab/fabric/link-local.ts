/**
 * Services at link-local addresses: instance metadata and the VPC resolver. No group, no ACL and
 * no route table is asked about them. They live in the Internet's namespace, behind a link that
 * leads to nothing else.
 * https://docs.aws.amazon.com/vpc/latest/userguide/infrastructure-security.html
 */
import { hostAt } from '../../region/ipv4.ts';
import type { Vpc } from '../../region/vpc.ts';
import { METADATA, VPC_RESOLVER } from '../addresses.ts';
import { SERVICES } from './names.ts';
import type { InterfacePlan } from './network-interface.ts';
import type { Setting } from './plan.ts';
import { decide, type Ruleset, rule } from './ruleset.ts';

export const SERVICE_ADDRESSES = { router: '169.254.2.2', internet: '169.254.2.1' } as const;

/** The kernel's number of the router's table for link-local destinations. */
const TABLE_NUMBER = 100;

/** https://www.rfc-editor.org/rfc/rfc3927 */
export const LINK_LOCAL = '169.254.0.0/16';

/** Before every route table, so that no route carries a link-local destination elsewhere. */
export function planLinkLocalRoutes(): readonly Setting[] {
  const service = (address: string): Setting => ({
    object: 'route',
    arguments: `${address}/32 via ${SERVICE_ADDRESSES.internet} dev ${SERVICES} onlink table ${TABLE_NUMBER}`,
  });
  return [
    service(METADATA),
    service(VPC_RESOLVER),
    // To `lo`, where the filters drop it by name.
    { object: 'route', arguments: `default dev lo table ${TABLE_NUMBER}` },
    { object: 'rule', arguments: `pref 100 to ${LINK_LOCAL} lookup ${TABLE_NUMBER}` },
  ];
}

export function planLinkLocal(
  vpc: Vpc,
  interfaces: readonly InterfacePlan[],
  identity: ReadonlyMap<string, string>,
): Ruleset {
  const identityOf = new Map([...identity].map(([address, id]) => [id, address]));
  const limits = [...new Set(interfaces.flatMap(({ hopLimit }) => hopLimit ?? []))].sort(
    (a, b) => a - b,
  );
  const resolver = vpc.dnsSupport
    ? [rule('accept', `ip daddr ${VPC_RESOLVER}`, 'meta l4proto { tcp, udp }', 'th dport 53')]
    : [];
  return {
    lookups: [
      {
        name: 'identities',
        type: 'ipv4_addr : ipv4_addr',
        elements: interfaces.flatMap(({ id, privateIps }) =>
          privateIps.map((ip) => `${ip} : ${identityOf.get(id)}`),
        ),
      },
      {
        name: 'hop-limits',
        type: 'ifname : verdict',
        elements: interfaces.flatMap(({ name, hopLimit }) =>
          hopLimit === undefined ? [] : [`"${name}" : jump hop-limit-${hopLimit}`],
        ),
      },
    ],
    chains: [
      {
        name: 'link-local',
        rules: [
          // Also without source/destination check: no guest asks in another one's name.
          decide({ kind: 'link-local' }, 'drop', 'iifname . ip saddr != @addresses'),
          rule('accept', `ip daddr ${METADATA}`, 'tcp dport 80'),
          ...resolver,
          decide({ kind: 'link-local' }, 'drop'),
        ],
      },
      // The time to live of responses, as on AWS: a guest that forwards one further (to a
      // container) takes one off, and drops it at zero. Unlike AWS, which limits the response
      // with the session token only, every response of the service is limited.
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
      ...limits.map((limit) => ({
        name: `hop-limit-${limit}`,
        rules: [rule(`ip ttl set ${limit}`)],
      })),
      {
        name: 'metadata-hop-limit',
        hook: { type: 'filter', hook: 'postrouting', priority: -150, policy: 'accept' },
        rules: [{ matches: [`ip saddr ${METADATA}`, 'oifname vmap @hop-limits'] }],
      },
    ],
  };
}

/** The VPC's base + 2 is another address of the resolver. */
export function resolverTranslation(vpc: Vpc): ReturnType<typeof rule>[] {
  const [primary] = vpc.cidrs;
  if (primary === undefined || !vpc.dnsSupport) return [];
  return [
    rule(
      `dnat to ${VPC_RESOLVER}`,
      'iifname @interfaces',
      `ip daddr ${hostAt(primary, 2)}`,
      'meta l4proto { tcp, udp }',
      'th dport 53',
    ),
  ];
}

export const TO_IDENTITY = rule('snat to ip saddr map @identities', `oifname "${SERVICES}"`);
