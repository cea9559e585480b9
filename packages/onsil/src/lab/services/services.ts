import { join } from 'node:path';
import type { Region } from '../../region/region.ts';
import type { StackService } from '../stacks/stack-service.ts';
import { type Acme, createAcme } from './acme.ts';
import type { Authority } from './authority.ts';
import type { LabControl } from './aws/operation.ts';
import type { SecretStore } from './aws/secretsmanager/secret-store.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import type { ServiceAddresses } from './dns/names.ts';
import { startDns } from './dns.ts';
import { type EndpointsContext, startEndpoints } from './endpoints.ts';
import type { Endpoint } from './listen.ts';
import { startMetadata } from './metadata.ts';
import type { ObjectStore } from './object-store.ts';
import { resolveSecrets } from './references.ts';
import type { ParameterStore } from './ssm.ts';
import { startTime } from './time.ts';
import type { OnSignal } from './wait-condition.ts';

export interface ServicesOptions {
  /** The region's state at this moment; asked anew for every request. */
  readonly region: () => Region;
  /** The network interface behind the source address of a link-local request. */
  readonly whoIs: (address: string) => string | undefined;
  /** `ensureAuthority` of a folder; its `public-roots.pem` is what outside hosts trust. */
  readonly authority: Authority;
  /** `createObjectStore` of a folder. */
  readonly objects: ObjectStore;
  /** For what lives as long as the daemon (Pebble's files). */
  readonly folder: string;
  readonly listen: {
    /** 169.254.169.253:53, where the fabric also sends base + 2. */
    readonly vpcResolver: Endpoint;
    /** PUBLIC_DNS:53 */
    readonly publicResolver: Endpoint;
    /** 169.254.169.254:80 */
    readonly metadata: Endpoint;
    /** 169.254.169.123:123 */
    readonly time: Endpoint;
    /** AWS_ENDPOINTS:443 */
    readonly endpoints: Endpoint;
    /** AWS_S3:443 */
    readonly s3: Endpoint;
    /** ACME:443 */
    readonly acme: Endpoint;
  };
  /** What the resolvers answer for endpoints; by default the addresses that are listened on. */
  readonly addresses?: ServiceAddresses;
  /** The recursive resolver of the way out; undefined where the lab has none. */
  readonly upstream: Endpoint | undefined;
  /** Secrets, and what instances put. */
  readonly parameters: ParameterStore;
  readonly secrets: SecretStore;
  readonly secretValue: EndpointsContext['secretValue'];
  /** What calls of the AWS endpoints change. */
  readonly control: LabControl;
  readonly stacks: StackService;
  readonly onSignal: OnSignal;
  /** Fixed keys for the lab's administrator; random ones otherwise. */
  readonly administrator?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Ports that the ACME authority validates at and listens on; for tests. */
  readonly acmePorts?: {
    readonly httpPort?: number;
    readonly tlsPort?: number;
    readonly port?: number;
    readonly managementPort?: number;
  };
  /** Told of failures that are no client's fault. */
  readonly onError?: (cause: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Services {
  /** Answers requests for every service, for listeners beside those of the lab's own names. */
  readonly endpoints: EndpointsContext;
  readonly credentials: Credentials;
  readonly acme: Acme;
  /** What was really taken, of ephemeral ports too. */
  readonly listening: ServicesOptions['listen'];
  close(): Promise<void>;
}

/**
 * Starts everything that an instance finds around it, in this process. A service that cannot
 * take its address ends those that did, and throws ListenError.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { region, whoIs, authority, objects, listen: at } = options;
  const now = options.now ?? Date.now;
  const onError = options.onError ?? (() => {});
  const credentials = createCredentials({
    now,
    ...(options.administrator === undefined ? {} : { administrator: options.administrator }),
  });
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    await Promise.all(closers.splice(0).map((end) => end()));
  };
  const opened = <T extends { close(): Promise<void> }>(service: T): T => {
    closers.push(() => service.close());
    return service;
  };
  try {
    const dns = opened(
      await startDns({
        region,
        whoIs,
        vpc: at.vpcResolver,
        public: at.publicResolver,
        upstream: options.upstream,
        addresses: options.addresses ?? {
          endpoints: at.endpoints.address,
          s3: at.s3.address,
          acme: at.acme.address,
        },
      }),
    );
    const acme = opened(
      createAcme({
        folder: join(options.folder, 'acme'),
        authority,
        resolver: () => dns.public,
        onError,
        ...options.acmePorts,
      }),
    );
    const metadata = opened(
      await startMetadata({
        ...{ region, whoIs, listen: at.metadata, credentials, now, onError },
        resolved: (userData) => resolveSecrets(userData, { region: region(), context: options }),
      }),
    );
    const time = opened(await startTime(at.time, now));
    const context: EndpointsContext = {
      region,
      credentials,
      now,
      objects,
      parameters: options.parameters,
      secrets: options.secrets,
      secretValue: options.secretValue,
      control: options.control,
      stacks: options.stacks,
      onSignal: options.onSignal,
      acme: acme.listener,
      onError,
    };
    const aws = opened(await startEndpoints(context, authority, at.endpoints));
    const s3 = opened(await startEndpoints(context, authority, at.s3, 'S3'));
    const directory = opened(
      await startEndpoints(context, authority, at.acme, 'the ACME directory'),
    );
    return {
      endpoints: context,
      credentials,
      acme,
      listening: {
        vpcResolver: dns.vpc,
        publicResolver: dns.public,
        metadata: metadata.endpoint,
        time: time.endpoint,
        endpoints: aws.endpoint,
        s3: s3.endpoint,
        acme: directory.endpoint,
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
