/** What must be so, as plain data: the same in a config, in a template's metadata, and for `check`. */

/**
 * An instance, a security group, a subnet (which is a tier) or a NAT gateway by its name, an id, an
 * IPv4 address or block, or one of these: `internet` (everybody outside but the administrator),
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
        /** Who outside reaches them by IPv6 is who reaches them by IPv4, on the same services. */
        readonly sameExposureByIpv6: Ends;
      }
  );

/** Of every service that the blueprint makes, of the user's config, or of any VPC. */
export type PolicyOrigin = 'built-in' | 'config' | 'any-vpc';

/** As it stands in a template's `Metadata.Onsil.policy`, those of any VPC excepted. */
export type StatedPolicy = Policy & { readonly origin: PolicyOrigin };

export const listOf = (ends: Ends): readonly End[] => (typeof ends === 'string' ? [ends] : ends);
