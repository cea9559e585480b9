/** What the user writes in `onsil.config.ts`. Everything but the sources and the names has a default. */
import type { Usage } from '../cost/usage.ts';
import type { Policy } from '../reach/policy/policy.ts';

export type Runtime = 'node' | 'java';
export type Architecture = 'arm64' | 'x86_64';

/** The kinds of hosts; of `api` there are as many as `api.instances` says. */
export const HOSTS = ['bastion', 'nat', 'edge', 'web', 'gateway', 'api', 'database'] as const;
export type Host = (typeof HOSTS)[number];

export interface ServiceDefinition {
  /** Names the stack, the private zone `<name>.internal` and the database. */
  readonly name: string;
  /** The public domain, without `www`. */
  readonly domain: string;
  /** Default `ap-northeast-2` (Seoul). */
  readonly region?: string;
  readonly admin?: {
    /** "My IP": the one address or block that may reach the bastion. Absent: asked for at deploy. */
    readonly ip?: string;
    /** OpenSSH public keys. Absent or empty: asked for at deploy. */
    readonly sshPublicKeys?: readonly string[];
  };
  /** Everything but `/api`. */
  readonly web: {
    /** A folder, relative to the one of the config. */
    readonly source: string;
    /** Default 3000. */
    readonly port?: number;
    readonly runtime?: 'node';
  };
  /** `/api`. */
  readonly api: {
    /** A folder, relative to the one of the config; for `java` it may be a jar. */
    readonly source: string;
    /** Default 8080. */
    readonly port?: number;
    /** How many hosts run it. Default 2. */
    readonly instances?: number;
    /** Answers 200 when the API can serve. Default `/api/health`. */
    readonly health?: string;
    /** Default `node`. */
    readonly runtime?: Runtime;
  };
  readonly database?: {
    readonly engine?: 'mariadb';
    /** GiB of the data volume. Default 8. */
    readonly volumeSize?: number;
  };
  readonly network?: {
    /** IPv4 block of the VPC. Default `10.0.0.0/16`. */
    readonly cidr?: string;
    /** Blocks of the three tiers. Default: the first three /24 of the VPC (smaller in a small VPC). */
    readonly subnets?: {
      readonly public?: string;
      readonly app?: string;
      readonly database?: string;
    };
  };
  /** Default `arm64`: Graviton is the cheaper one. */
  readonly architecture?: Architecture;
  /** Instance type per kind of host. */
  readonly sizes?: { readonly [K in Host]?: string };
  /**
   * Who may, must and must not reach whom, beside what holds for every service: `onsil check` holds
   * the template to it.
   */
  readonly policy?: readonly Policy[];
  /** What a month's use comes to, where `onsil cost` is to suppose something else than it does. */
  readonly usage?: Partial<Usage>;
  /**
   * By stage, e.g. `dev` and `prod`: what is another one there. `admin`, `web`, `api`, `database`
   * and `sizes` are merged field by field, everything else takes the place of what is said above.
   * A stage is called `<name>-<stage>` and served at `<stage>.<domain>` where it says nothing else.
   */
  readonly stages?: { readonly [stage: string]: StageDefinition };
}

export interface StageDefinition
  extends Partial<Omit<ServiceDefinition, 'web' | 'api' | 'stages'>> {
  readonly web?: Partial<ServiceDefinition['web']>;
  readonly api?: Partial<ServiceDefinition['api']>;
}

/** Gives a config its types; changes nothing. */
export function defineService(definition: ServiceDefinition): ServiceDefinition {
  return definition;
}
