/**
 * What decided, on both sides: a drop in the lab has the name of the decider, and it must be the
 * one that `reach` blames; rules that let the packet pass must be among those on the path.
 */
import { type Decider, labelOf } from '../../../src/lab/fabric/label.ts';
import type { SentProbe } from '../../../src/lab/probe/exchange.ts';
import { addressOf } from '../../../src/reach/addresses.ts';
import type { Model } from '../../../src/reach/model.ts';
import type { Outcome } from '../../../src/reach/trace/state.ts';
import type { Blocker } from '../../../src/reach/verdict.ts';
import { compare } from '../../../src/verify/compare.ts';
import { predict } from '../../../src/verify/predict.ts';
import type { Sent } from './world.ts';

/** The lab's name of what blocks; nothing where no router of a VPC decides. */
export function deciderOf(by: Blocker): Decider | undefined {
  switch (by.component) {
    case 'security-group':
      return { kind: 'security-group', direction: by.direction };
    case 'network-acl': {
      const { direction, networkAclId, entry } = by;
      return { kind: 'network-acl', direction, networkAclId, entry };
    }
    case 'route-table':
      return {
        kind: 'route-table',
        routeTableId: by.routeTableId,
        ...(by.code === 'BAD_STATE_ROUTE' ? { destination: by.route.destination } : {}),
      };
    case 'internet-gateway':
      switch (by.code) {
        case 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS':
        case 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS':
        case 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS':
          return { kind: 'internet-gateway', direction: 'egress', address: 'destination' };
        case 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS':
          return { kind: 'internet-gateway', direction: 'egress', address: 'source' };
        case 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS':
        case 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS':
          return { kind: 'internet-gateway', direction: 'ingress', address: 'source' };
        default:
          return undefined;
      }
    case 'network-interface':
      return by.code === 'ENI_SOURCE_DEST_CHECK_RESTRICTION'
        ? { kind: 'destination-check' }
        : undefined;
    default:
      return undefined;
  }
}

/** Labels of all rules that may let packets of the outcome pass, on their way there. */
export function passingLabels({ forward }: Outcome): ReadonlySet<string> {
  return new Set(
    forward.flatMap((hop) =>
      hop.kind === 'security-group'
        ? hop.rules.map((rule) =>
            labelOf({ kind: 'security-group', direction: hop.direction, rule }),
          )
        : [],
    ),
  );
}

/** Differences between who decided in the lab and whom `reach` names. TCP and UDP probes only. */
export function decidedOtherwise(
  model: Model,
  { probes, fates, decisions }: Sent,
): readonly string[] {
  const byPorts = Map.groupBy(decisions, ({ packet }) => portsKey(packet));
  return probes.flatMap((probe, index): readonly string[] => {
    if (![6, 17].includes(probe.protocol) || isUnplugged(model, probe)) return [];
    const prediction = predict(model, probe);
    const fate = fates[index];
    // What did not end in the network was decided elsewhere.
    if (fate === undefined || compare(prediction, fate).kind === 'not-conclusive') return [];
    const { outcome } = prediction;
    // It draws a source port of its own, by which the probe is not known.
    const hops = [...outcome.forward, ...outcome.back];
    if (hops.some(({ kind }) => kind === 'nat-gateway')) return [];
    const { verdict } = outcome;
    const made = byPorts.get(portsKey(probe)) ?? [];
    const passing = passingLabels(outcome);
    const passed = made.filter(({ accepted }) => accepted).map(({ label }) => label);
    const strange =
      verdict.kind === 'reachable' ? passed.filter((label) => !passing.has(label)) : [];
    const expected = verdict.kind === 'blocked' ? deciderOf(verdict.by) : undefined;
    const drops = [...new Set(made.filter(({ accepted }) => !accepted).map(({ label }) => label))];
    const missed =
      expected !== undefined && !drops.includes(labelOf(expected)) && !isOpen(model, outcome);
    const dropped = verdict.kind === 'reachable' ? drops : [];
    if (strange.length + dropped.length === 0 && !missed) return [];
    const wanted = expected === undefined ? [...passing] : [labelOf(expected)];
    return [
      `${JSON.stringify(probe)}: reach names ${wanted.join(' | ')}, ` +
        `the lab ${[...passed, ...drops].join(' | ') || 'nothing'} (${JSON.stringify(verdict)}, ${JSON.stringify(fate)})`,
    ];
  });
}

/**
 * Verdicts whose reason is not the only one: lists that overlap, of whose routes AWS takes one at
 * random; and a route of a block to a gateway endpoint, which AWS allows in no table.
 */
function isOpen({ region }: Model, { verdict }: Outcome): boolean {
  if (verdict.kind !== 'blocked') return false;
  const { by } = verdict;
  if (by.component === 'route-table') {
    return by.code === 'BAD_STATE_ROUTE' && by.route.target.kind === 'vpc-endpoint';
  }
  if (by.component !== 'network-acl') return false;
  const table = region.routeTables[region.subnets[by.subnetId]?.routeTableId ?? ''];
  return (
    (table?.routes ?? []).filter(({ destination }) => destination.startsWith('pl-')).length > 1
  );
}

/**
 * To an interface without an instance: the lab has no link for it and drops the packet before it
 * asks the filters on the way there, of which `reach` may name one.
 */
function isUnplugged({ ports, associations }: Model, { destination }: SentProbe): boolean {
  const address = addressOf(destination);
  const visible = associations.find(({ publicIp }) => publicIp === address)?.port;
  const owners = [...ports.values()].filter(({ own }) =>
    own.some(({ first }) => first === address),
  );
  return [...owners, ...(visible === undefined ? [] : [visible])].some(({ attached }) => !attached);
}

/** Each probe has a source port of its own, and its answer the same two ports turned round. */
function portsKey({ protocol, sourcePort = 0, destinationPort = 0 }: Partial<SentProbe>): string {
  return [protocol, ...[sourcePort, destinationPort].toSorted((a, b) => a - b)].join(' ');
}
