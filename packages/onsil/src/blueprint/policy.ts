import { apiNames, type Service } from '../config/service.ts';
import type { Policy, StatedPolicy } from '../reach/policy/policy.ts';

/**
 * What holds for every service: who may reach whom, and the paths that must be open for it to
 * work. `onsil check` holds the template to it, and so does whoever reads the template later.
 *
 * The article's table opens 443 of the bastion to the administrator as well, "to download
 * libraries". Downloads do not come in by that rule (groups are stateful), so nothing here wants it:
 * it is kept by the policies, and listed as removable.
 */
export function builtInPolicies(service: Service): readonly Policy[] {
  const apis = apiNames(service);
  const behindBastion = ['nat', 'web', 'gateway', ...apis, 'database'];
  return [
    {
      from: 'internet',
      mayReachOnly: 'edge',
      on: 'tcp 80, 443',
      why: 'the edge is the one public entrance',
    },
    {
      only: 'admin',
      mayReach: 'bastion',
      on: 'tcp 22',
      why: 'the bastion is the one entrance for ssh, from one address',
    },
    {
      only: 'bastion',
      mayReach: ['edge', ...behindBastion],
      on: 'tcp 22',
      why: 'ssh goes by way of the bastion',
    },
    {
      only: 'group:app',
      mayReach: 'database',
      on: 'tcp 3306',
      why: 'nobody but the app tier has any business in the database',
    },
    {
      from: 'private-hosts',
      mayReach: 'internet',
      onlyThrough: 'nat',
      why: 'the NAT instance is the one way out of the private tiers',
    },
    {
      from: 'hosts',
      mustReach: 'internet',
      on: 'tcp 80, 443',
      why: 'packages, certificates and releases come from there',
    },
    { from: 'internet', mustReach: 'edge', on: 'tcp 80, 443', why: 'requests' },
    {
      from: 'edge',
      mustReach: 'web',
      on: `tcp ${service.web.port}`,
      why: 'requests: all but /api',
    },
    { from: 'edge', mustReach: 'gateway', on: 'tcp 80', why: 'requests to /api' },
    { from: 'gateway', mustReach: apis, on: `tcp ${service.api.port}`, why: 'requests to /api' },
    { from: apis, mustReach: 'database', on: 'tcp 3306', why: 'queries' },
    { from: 'admin', mustReach: 'bastion', on: 'tcp 22', why: 'administration' },
    { from: 'bastion', mustReach: behindBastion, on: 'tcp 22', why: 'administration' },
    { sameExposureByIpv6: 'hosts', why: 'a group may be closed for IPv4 and open for IPv6' },
  ];
}

/** The built-in ones, then the user's own, as they stand in the template's metadata. */
export function statedPolicies(service: Service): readonly StatedPolicy[] {
  return [
    ...builtInPolicies(service).map((each) => ({ ...each, origin: 'built-in' as const })),
    ...service.policy.map((each) => ({ ...each, origin: 'config' as const })),
  ];
}
