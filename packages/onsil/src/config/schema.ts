/** The shape of a config, checked by zod. Words of errors are in fields.ts; rules across fields in rules.ts. */
import { domainToASCII } from 'node:url';
import * as z from 'zod/mini';
import type { Services } from '../reach/policy/policy.ts';
import { servicesNamed } from '../reach/policy/services.ts';
import { contains, parseCidr } from './cidr.ts';

/** Labels of RFC 1035, an alphabetic or punycode top level. */
const DOMAIN =
  /^(?!www\.)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:xn--[a-z0-9-]+|[a-z]{2,63})$/;
/** What EC2 imports: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html */
const PUBLIC_KEY = /^(ssh-ed25519|ssh-rsa) ([A-Za-z0-9+/]+={0,2})(?: [\w@.:+ -]{1,100})?$/;
/** RFC 1918: the Internet gateway drops other ranges or they belong to somebody. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const port = z.number().check(z.int(), z.gte(1024), z.lte(65535));
const size = z.string().check(z.regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/));
const source = z.string().check(z.minLength(1));

const domain = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => domainToASCII(text.replace(/\.$/, '')).toLowerCase()),
  ),
  z.string().check(z.regex(DOMAIN), z.maxLength(253)),
);

const adminCidr = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => (text.includes('/') ? text : `${text}/32`)),
  ),
  z.string().check(z.refine((text) => (parseCidr(text)?.prefix ?? 0) > 0)),
);

/** An OpenSSH key says its own type again at the start of its data (RFC 4253, section 6.6). */
function isPublicKey(text: string): boolean {
  const [, type = '', data = ''] = PUBLIC_KEY.exec(text) ?? [];
  const bytes = Buffer.from(data, 'base64');
  return type !== '' && bytes.length > 32 && bytes.subarray(4, 4 + type.length).toString() === type;
}

function isVpcBlock(text: string): boolean {
  const cidr = parseCidr(text);
  if (cidr === undefined || cidr.prefix < 16 || cidr.prefix > 26) return false;
  return PRIVATE.some((range) => {
    const outer = parseCidr(range);
    return outer !== undefined && contains(outer, cidr);
  });
}

function isSubnetBlock(text: string): boolean {
  const prefix = parseCidr(text)?.prefix ?? 0;
  return prefix >= 16 && prefix <= 28;
}

const subnet = z.string().check(z.refine(isSubnetBlock));

const end = z.string().check(z.minLength(1), z.maxLength(255));
const ends = z.union([end, z.array(end).check(z.minLength(1))]);
const on = z.custom<Services>(
  (value) => typeof value === 'string' && servicesNamed(value) !== undefined,
);
const why = z.exactOptional(z.string().check(z.regex(/^[^\p{Cc}]+$/u), z.maxLength(200)));
const common = { on: z.exactOptional(on), why };

const policy = z.union([
  z.strictObject({ ...common, only: ends, mayReach: ends }),
  z.strictObject({ ...common, from: ends, mayReachOnly: ends }),
  z.strictObject({ ...common, from: ends, mustNotReach: ends }),
  z.strictObject({ ...common, from: ends, mustReach: ends, on }),
  z.strictObject({ ...common, from: ends, mayReach: ends, onlyThrough: ends }),
  z.strictObject({ why, sameExposureByIpv6: ends }),
]);

const amount = z.exactOptional(z.number().check(z.gte(0)));

export const schema = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/), z.minLength(2), z.maxLength(30)),
  domain,
  region: z._default(z.string().check(z.regex(/^(?!cn-)[a-z]{2}(-[a-z]+)+-\d$/)), 'ap-northeast-2'),
  admin: z._default(
    z.strictObject({
      ip: z.optional(adminCidr),
      sshPublicKeys: z._default(
        z.array(z.pipe(z.string().check(z.trim()), z.string().check(z.refine(isPublicKey)))),
        [],
      ),
    }),
    { sshPublicKeys: [] },
  ),
  web: z.strictObject({
    source,
    port: z._default(port, 3000),
    runtime: z._default(z.literal('node'), 'node'),
  }),
  api: z.strictObject({
    source,
    port: z._default(port, 8080),
    instances: z._default(z.number().check(z.int(), z.gte(1), z.lte(50)), 2),
    health: z._default(
      z.string().check(z.regex(/^\/api(\/[A-Za-z0-9._~-]+)*\/?$/), z.maxLength(200)),
      '/api/health',
    ),
    runtime: z._default(z.enum(['node', 'java']), 'node'),
  }),
  database: z._default(
    z.strictObject({
      engine: z._default(z.literal('mariadb'), 'mariadb'),
      volumeSize: z._default(z.number().check(z.int(), z.gte(1), z.lte(16384)), 8),
    }),
    { engine: 'mariadb', volumeSize: 8 },
  ),
  network: z._default(
    z.strictObject({
      cidr: z._default(z.string().check(z.refine(isVpcBlock)), '10.0.0.0/16'),
      subnets: z._default(
        z.strictObject({
          public: z.optional(subnet),
          app: z.optional(subnet),
          database: z.optional(subnet),
        }),
        {},
      ),
    }),
    { cidr: '10.0.0.0/16', subnets: {} },
  ),
  architecture: z._default(z.enum(['arm64', 'x86_64']), 'arm64'),
  sizes: z._default(
    z.strictObject({
      bastion: z.optional(size),
      nat: z.optional(size),
      edge: z.optional(size),
      web: z.optional(size),
      gateway: z.optional(size),
      api: z.optional(size),
      database: z.optional(size),
    }),
    {},
  ),
  policy: z._default(z.array(policy), []),
  usage: z._default(
    z.strictObject({
      internetOutGb: amount,
      freeInternetOutGb: amount,
      crossZoneGb: amount,
      natGatewayGb: amount,
      endpointGb: amount,
      bucketGb: amount,
      logsGb: amount,
      dnsQueriesMillions: amount,
      loadBalancerUnits: amount,
      vpnHours: amount,
    }),
    {},
  ),
  // A stage is checked when it is asked for: as the whole configuration that it makes.
  stages: z._default(
    z.record(
      z.string(),
      z.custom((value) => typeof value === 'object' && value !== null),
    ),
    {},
  ),
});

/** A config whose fields are each right by themselves, with defaults. */
export type Parsed = z.output<typeof schema>;
