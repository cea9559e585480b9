/** Policies, and what breaks them, in plain words. */
import type { Region } from '../../region/region.ts';
import { withoutRanges } from '../addresses.ts';
import type { NameSpace } from '../endpoint.ts';
import { familyIn } from '../families.ts';
import type { Hop } from '../hop.ts';
import type { PacketSet } from '../packet-set/packet-set.ts';
import { addressesOf } from '../packet-set/rewrite.ts';
import type { Finding } from '../policy/judge.ts';
import { type Ends, listOf, type Policy } from '../policy/policy.ts';
import { namesText } from './names.ts';
import { servicesText, sourcesText } from './packets.ts';
import { changeText, hopText, nameOf, verdictText } from './path.ts';

const WORDS: Readonly<Record<string, string>> = {
  internet: 'the Internet',
  admin: 'the administrator',
  hosts: 'any host',
  'private-hosts': 'private hosts',
  'any-nat': 'a NAT',
};

/** One sentence without its full stop. */
export function policyText(policy: Policy): string {
  if ('only' in policy) {
    return `only ${endsText(policy.only)} may reach ${endsText(policy.mayReach)}${onText(policy.on)}`;
  }
  if ('mayReachOnly' in policy) {
    return `${endsText(policy.from)} may reach only ${endsText(policy.mayReachOnly)}${onText(policy.on)}`;
  }
  if ('mustNotReach' in policy) {
    return `${endsText(policy.from)} must not reach ${endsText(policy.mustNotReach)}${onText(policy.on)}`;
  }
  if ('mustReach' in policy) {
    const each = policy.mustReach === 'hosts' ? 'every host' : endsText(policy.mustReach);
    const from = policy.from === 'hosts' ? 'every host' : endsText(policy.from);
    return `${from} must reach ${each}${onText(policy.on)}`;
  }
  if ('onlyThrough' in policy) {
    const { from, mayReach, on, onlyThrough } = policy;
    return `${endsText(from)} may reach ${endsText(mayReach)}${onText(on)} only through ${endsText(onlyThrough)}`;
  }
  return `IPv6 opens ${endsText(policy.sameExposureByIpv6)} to the Internet no more than IPv4 does`;
}

const onText = (on: string | undefined): string =>
  on === undefined || on === 'everything' ? '' : ` on ${on}`;

function endsText(ends: Ends): string {
  const names = listOf(ends).map((end) => WORDS[end] ?? end.replace(/^(group|subnet):/, 'the $1 '));
  return names.length === 0 ? 'nobody' : namesText(names, 12);
}

/** The two ends of a finding: `api-1…api-4 → database`. */
function findingEnds({ space, from, to, packets }: Finding): string {
  const { region } = space.model;
  const namesOf = (ids: readonly string[]): string =>
    namesText(ids.map((id) => nameOf(region, id)));
  const senders = from.length === 0 ? outsideText(space, packets) : namesOf(from);
  return `${senders} → ${to.length === 0 ? 'the Internet' : namesOf(to)}`;
}

/** Who outside sends these packets. */
export function outsideText({ model, administrator }: NameSpace, packets: PacketSet): string {
  const sources = addressesOf(packets, 'source');
  const admin = administrator === undefined ? [] : model.space.rangesOf(administrator);
  if (admin.length > 0 && withoutRanges(sources, admin).length === 0) return 'the administrator';
  const others = withoutRanges(model.outside, admin);
  if (withoutRanges(others, sources).length === 0) return 'the Internet';
  return `the Internet (${sourcesText(packets, others, model.space)})`;
}

/** Before services that are not IPv4's. */
export const familyMark = (space: NameSpace): string =>
  familyIn(space) === 'ipv6' ? 'IPv6: ' : '';

/** What breaks the policy, or leaves it open, in at most a few lines. */
export function findingLines(finding: Finding): readonly string[] {
  const { space, packets, outcome, way } = finding;
  const { region } = space.model;
  const ends = findingEnds(finding);
  const services = `${familyMark(space)}${servicesText(packets)}`;
  switch (outcome.verdict.kind) {
    case 'reachable':
      return [`${ends}  ${services}`, ...decidingLines(region, outcome.forward)];
    case 'blocked':
      return [
        `${ends}  ${services}`,
        `  ${verdictText(region, outcome.verdict)}`,
        ...wayLines(region, way),
      ];
    case 'ambiguous':
    case 'not-modelled':
      return [`${ends}  ${services}`, `  ${verdictText(region, outcome.verdict)}`];
  }
}

function wayLines(region: Region, way: Finding['way']): readonly string[] {
  if (way === undefined) return [];
  if (!way.proved) return ['  No change of settings that onsil knows makes this reachable.'];
  return way.changes.map((change) => `  needs: ${changeText(region, change)}`);
}

/** The hops at which a rule or a route lets packets on, that somebody could have closed. */
function decidingLines(region: Region, hops: readonly Hop[]): readonly string[] {
  return hops.filter(isDeciding).map((hop) => `  ${hopText(region, hop)}`);
}

/** Of the way there; what lets everybody out by default says nothing. */
function isDeciding(hop: Hop): boolean {
  switch (hop.kind) {
    case 'security-group':
      return true;
    case 'network-interface':
      return hop.does === 'forwards';
    case 'internet-gateway':
    case 'nat-instance':
    case 'nat-gateway':
    case 'ipv6-gateway':
    case 'vpc-peering-connection':
      return true;
    default:
      return false;
  }
}
