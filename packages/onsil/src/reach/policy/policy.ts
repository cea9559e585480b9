/** What must be so, as plain data: the same in a config, in a template's metadata, and for `check`. */

/**
 * An instance, a service (`ELB app/shop`), a security group, a subnet (which is a tier), a NAT
 * gateway, an endpoint or a prefix list (`s3`) by its name, its logical id in the template or its
 * id, an address or block, or one of these: `internet` (everybody outside but the administrator),
 * `admin`, `hosts` (every instance), `private-hosts` (those without a public address), `any-nat`
 * (every NAT instance and NAT gateway), `anybody` (all of them). Of equal names the instance is meant,
 * then the group: `group:app` and `subnet:app` say which.
 */
export type End = (typeof RESERVED_ENDS)[number] | (string & {});
export type Ends = End | readonly End[];

/** Ends that need no name in the region. */
export const RESERVED_ENDS = [
  'internet',
  'admin',
  'hosts',
  'private-hosts',
  'any-nat',
  'anybody',
] as const;

/** `tcp 80, 443`, `tcp 3000-3010; udp 53`, `icmp`, `ping`, `everything`. */
export type Services =
  | 'everything'
  | 'icmp'
  | 'ping'
  | 'tcp'
  | 'udp'
  | `tcp ${string}`
  | `udp ${string}`;

interface Reasoned {
  /** Why, for whoever reads a breach. */
  readonly why?: string;
}

export type Policy = Reasoned &
  (
    | {
        /** Nobody else reaches `mayReach` on these services. Says nothing of other services. */
        readonly only: Ends;
        readonly mayReach: Ends;
        /** Default: everything. */
        readonly on?: Services;
      }
    | {
        readonly from: Ends;
        /** `from` reaches nothing else, and these on nothing but `on`. */
        readonly mayReachOnly: Ends;
        /** Default: everything. */
        readonly on?: Services;
      }
    | {
        readonly from: Ends;
        readonly mustNotReach: Ends;
        /** Default: everything. */
        readonly on?: Services;
      }
    | {
        /** Each of these … */
        readonly from: Ends;
        /** … each of those, from every port that a client may draw. */
        readonly mustReach: Ends;
        readonly on: Services;
      }
    | {
        readonly from: Ends;
        readonly mayReach: Ends;
        /** Every path passes one of these, which forwards it. */
        readonly onlyThrough: Ends;
        /** Default: everything. */
        readonly on?: Services;
      }
    | {
        /** By IPv6 nobody outside reaches them on more services than by IPv4. */
        readonly sameExposureByIpv6: Ends;
      }
  );

/** Of every service that the blueprint makes, of the user's config, or of any VPC. */
export type PolicyOrigin = 'built-in' | 'config' | 'any-vpc';

/** As it stands in a template's `Metadata.Onsil.policy`, those of any VPC excepted. */
export type StatedPolicy = Policy & { readonly origin: PolicyOrigin };

export const listOf = (ends: Ends): readonly End[] => (typeof ends === 'string' ? [ends] : ends);

/** Everybody whom a policy names. */
export function endsIn(policy: Policy): readonly End[] {
  if ('sameExposureByIpv6' in policy) return listOf(policy.sameExposureByIpv6);
  if ('only' in policy) return [...listOf(policy.only), ...listOf(policy.mayReach)];
  const from = listOf(policy.from);
  if ('mayReachOnly' in policy) return [...from, ...listOf(policy.mayReachOnly)];
  if ('mustNotReach' in policy) return [...from, ...listOf(policy.mustNotReach)];
  if ('mustReach' in policy) return [...from, ...listOf(policy.mustReach)];
  return [...from, ...listOf(policy.mayReach), ...listOf(policy.onlyThrough)];
}
