/** What can be taken away, with the proof in words. */
import type { Region } from '../../region/region.ts';
import { commonRanges, isIn } from '../addresses.ts';
import type { NameSpace } from '../endpoint.ts';
import type { PacketSet } from '../packet-set/packet-set.ts';
import { addressesOf } from '../packet-set/rewrite.ts';
import type { Loss } from '../removable/losses.ts';
import type { Needless } from '../removable/reason.ts';
import type { Unwanted, Wide } from '../removable/removable.ts';
import type { RuleSetting, Setting } from '../removable/setting.ts';
import { packetsOf } from '../rule-packets.ts';
import { namesText } from './names.ts';
import { servicesText } from './packets.ts';
import { nameOf, routeText, ruleText } from './path.ts';
import { familyMark, outsideText } from './policy.ts';

/** `bastion in: tcp 443 from 198.51.100.10/32`. */
export function settingText(region: Region, setting: Setting): string {
  switch (setting.kind) {
    case 'security-group-rule': {
      const { groupId, direction, rule } = setting;
      const way = direction === 'ingress' ? 'in' : 'out';
      return `${nameOf(region, groupId)} ${way}: ${ruleText(region, rule, direction)}`;
    }
    case 'network-acl-entry': {
      const { networkAclId, direction, number } = setting;
      const way = direction === 'ingress' ? 'in' : 'out';
      return `network ACL ${nameOf(region, networkAclId)} ${way}: entry ${number}`;
    }
    case 'route':
      return `route table ${nameOf(region, setting.routeTableId)}: ${routeText(region, setting.route)}`;
  }
}

export function needlessText(region: Region, { setting, reason, coveredBy }: Needless): string {
  switch (reason) {
    case 'UNUSED':
      return 'no subnet has it';
    case 'DECIDED_BEFORE':
      return setting.kind === 'route'
        ? 'longer routes match everything that it matches'
        : 'entries before it match everything that it matches';
    case 'UNATTACHED':
      return 'nothing carries the group';
    case 'NO_PEER':
      return 'nothing carries the group that it names';
    case 'COVERED': {
      const [first] = coveredBy;
      const direction = setting.kind === 'security-group-rule' ? setting.direction : 'ingress';
      return first === undefined
        ? 'other rules allow it too'
        : `${ruleText(region, first, direction)} allows it too`;
    }
    case 'NO_FLOW':
      return 'nothing that it allows gets there and back';
    case 'COVERED_TOGETHER':
      return 'of what gets through, other rules of its hosts allow all of it too';
  }
}

const MOST_LINES = 3;

/** `edge → web, api-1…api-2  tcp 8080`, one line for each sender and set of services. */
function lossLines(losses: readonly Loss[]): readonly string[] {
  const parts = losses.map(({ space, flow, packets }) => {
    const { region } = space.model;
    const from =
      flow.from === undefined ? outsideText(space, packets) : membersText(region, [flow.from]);
    const to =
      flow.to === undefined
        ? receiversText(space, packets)
        : flow.to.members.map((each) => nameOf(region, each.networkInterfaceId));
    return {
      from,
      to: to.filter((name) => name !== from),
      services: familyMark(space) + servicesText(packets),
    };
  });
  const bySender = Map.groupBy(
    parts.filter(({ to }) => to.length > 0),
    ({ from, services }) => `${from}  ${services}`,
  );
  const lines = [...bySender.values()].flatMap((each) => {
    const [first] = each;
    if (first === undefined) return [];
    return [`${first.from} → ${namesText(each.flatMap(({ to }) => to))}  ${first.services}`];
  });
  const more = lines.length - MOST_LINES;
  return more > 1 ? [...lines.slice(0, MOST_LINES), `and ${more} more: see --json`] : lines;
}

/** Who has the public addresses that packets go to, and the Internet for those that nobody here has. */
function receiversText({ model }: NameSpace, packets: PacketSet): readonly string[] {
  const destinations = addressesOf(packets, 'destination');
  const here = model.associations.filter(({ publicIp }) => isIn(publicIp, destinations));
  const isOutside = commonRanges(destinations, model.outside).length > 0;
  return [
    ...here.map(({ port }) => nameOf(model.region, port.id)),
    ...(isOutside ? ['the Internet'] : []),
  ];
}

/** Why nothing is lost: what it lets in, and, of a rule "for downloads", that they work without. */
export function unwantedLines(
  space: NameSpace,
  { losses, outward, setting }: Unwanted,
): readonly string[] {
  const lets = lossLines(losses).map((line) => `lets in: ${line}`);
  return [...lets, ...outwardLines(space, setting, outward)];
}

export function wideLines(
  space: NameSpace,
  { wanted, more, setting, outward }: Wide,
): readonly string[] {
  const { region } = space.model;
  return [
    `wanted: ${pairsText(region, wanted)}`,
    `lets in as well: ${pairsText(region, more)}`,
    ...outwardLines(space, setting, outward),
  ];
}

function outwardLines(
  { model: { region } }: NameSpace,
  { rule }: RuleSetting,
  outward: Unwanted['outward'],
): readonly string[] {
  if (outward.length === 0) return [];
  const services = servicesText(packetsOf(rule, {}));
  return [
    `${membersText(region, outward)}: reaching out on ${services} works without it, since groups are stateful: replies need no rule`,
  ];
}

function membersText(region: Region, classes: Unwanted['outward']): string {
  const ids = classes.flatMap(({ members }) => members.map((each) => each.networkInterfaceId));
  return namesText(ids.map((id) => nameOf(region, id)));
}

/** `web → gateway, api-1; gateway → web`, or, of many, who with whom and how many pairs. */
function pairsText(region: Region, pairs: Wide['more']): string {
  const names = pairs.map(([from, to]) => [nameOf(region, from), nameOf(region, to)] as const);
  const senders = [...Map.groupBy(names, ([from]) => from)].map(([from, each]) => ({
    from,
    to: namesText(each.map(([, to]) => to)),
  }));
  const parts = [...Map.groupBy(senders, ({ to }) => to)];
  if (parts.length <= 2) {
    return parts
      .map(([to, each]) => `${namesText(each.map(({ from }) => from))} → ${to}`)
      .join('; ');
  }
  const [froms, tos] = [names.map(([from]) => from), names.map(([, to]) => to)];
  return `${namesText(froms)} → ${namesText(tos)} (${pairs.length} pairs)`;
}
