import type { Usage } from '../cost/usage.ts';
import type { Policy } from '../reach/policy/policy.ts';
import type { Architecture, Host, Runtime } from './definition.ts';

/** A validated config: nothing optional but what the stack asks for as a parameter, paths absolute. */
export interface Service {
  readonly name: string;
  /** Lower case, ASCII (punycode), without a final dot. */
  readonly domain: string;
  readonly region: string;
  readonly admin: {
    /** Canonical IPv4 block, e.g. `203.0.113.7/32`. */
    readonly cidr?: string;
    readonly sshPublicKeys: readonly string[];
  };
  readonly web: { readonly source: string; readonly port: number; readonly runtime: 'node' };
  readonly api: {
    readonly source: string;
    readonly port: number;
    readonly instances: number;
    readonly health: string;
    readonly runtime: Runtime;
  };
  readonly database: { readonly engine: 'mariadb'; readonly volumeSize: number };
  readonly network: {
    readonly cidr: string;
    readonly subnets: {
      readonly public: string;
      readonly app: string;
      readonly database: string;
    };
  };
  readonly architecture: Architecture;
  readonly sizes: { readonly [K in Host]: string };
  /** The user's own; what holds for every service is the blueprint's. */
  readonly policy: readonly Policy[];
  /** What a bill supposes in the place of its own defaults. */
  readonly usage: Partial<Usage>;
}

/** The names of the API's hosts: `api-1` … `api-N`. */
export function apiNames(service: Service): readonly string[] {
  return Array.from({ length: service.api.instances }, (_, index) => `api-${index + 1}`);
}

/** Full private name of a host, in the private zone `<name>.internal`. */
export function privateName(service: Service, host: string): string {
  return `${host}.${service.name}.internal`;
}

/** Path of the SecureString that holds the database's password. */
export function databaseSecret(service: Service): string {
  return `/${service.name}/database/password`;
}

/** Name of the database and of its user: letters, digits and `_` need no quoting in SQL. */
export function databaseName(service: Service): string {
  return service.name.replaceAll('-', '_');
}
