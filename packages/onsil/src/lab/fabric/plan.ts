/**
 * The fabric of a lab as a value: everything that the executor will tell the kernel, in the
 * kernel's own words, so that `--dry-run` can show it and two plans can be compared.
 */
import { withoutUnusedDefaultVpc } from '../../region/default-vpc.ts';
import type { Region } from '../../region/region.ts';
import { identities } from './identity.ts';
import { planInternet } from './internet.ts';
import { checkLabName, linkNames } from './names.ts';
import { isHeld, planNatGateways } from './nat-gateway.ts';
import { type InterfacePlan, planInterfaces } from './network-interface.ts';
import { peeringLinks, planPeerings } from './peering.ts';
import { planRouter } from './router.ts';

/** One setting of a namespace: arguments of `ip <object> replace|add|del`. */
export interface Setting {
  readonly object: 'address' | 'neighbour' | 'route' | 'rule';
  readonly arguments: string;
}

export interface NamespacePlan {
  readonly name: string;
  /** Written before any link exists, since new links copy the namespace's defaults. */
  readonly sysctls: readonly string[];
  /** Written once the rules are loaded: only then does the kernel know them. */
  readonly conntrackSysctls: readonly string[];
  readonly settings: readonly Setting[];
  /** Text for `nft -f`, of one table; empty where the namespace filters nothing. */
  readonly ruleset: string;
  /** Labels of the counters that the rule set uses. */
  readonly counters: readonly string[];
}

export interface LinkEnd {
  readonly namespace: string;
  readonly name: string;
  /** The kernel's choice where it is absent. */
  readonly macAddress?: string;
}

/** A veth pair between two namespaces of the fabric. */
export interface LinkPlan {
  readonly ends: readonly [LinkEnd, LinkEnd];
  /** Bytes. */
  readonly mtu: number;
}

export interface FabricPlan {
  readonly lab: string;
  readonly namespaces: readonly NamespacePlan[];
  readonly links: readonly LinkPlan[];
  /** Network interfaces that are made when a guest is there to take its end. */
  readonly interfaces: readonly InterfacePlan[];
}

/** Throws FabricError on a bad lab name and on ids that the kernel could not tell apart. */
export function planFabric(lab: string, given: Region): FabricPlan {
  checkLabName(lab);
  const region = withoutUnusedDefaultVpc(given);
  const identity = identities(region);
  const interfaces = planInterfaces(lab, region);
  const uplinks = linkNames('up', Object.keys(region.vpcs));
  const services = linkNames('svc', Object.keys(region.vpcs));
  const internet = planInternet(lab, region, identity, { uplinks, services });
  const peerings = planPeerings(region);
  const natGateways = planNatGateways(lab, region, interfaces);
  const routers = Object.values(region.vpcs).map((vpc) =>
    planRouter(lab, region, vpc, { interfaces, identity, peerings }),
  );
  return {
    lab,
    namespaces: [...internet.namespaces, ...routers, ...natGateways.namespaces],
    links: [...internet.links, ...peeringLinks(lab, peerings), ...natGateways.links],
    interfaces: interfaces.filter((each) => !isHeld(region, each)),
  };
}
