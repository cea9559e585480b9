import type { Usage } from '../../cost/usage.ts';
import type { StatedPolicy } from '../../reach/policy/policy.ts';
import type { Release } from '../../release/build.ts';
import type { Runtime } from '../../release/runtime.ts';
import type { Image } from '../image/build.ts';
import type { NestedTemplates } from '../stacks/stack-service.ts';

/** What the command line hands to the lab's daemon. */
export interface UpRequest {
  readonly lab: string;
  /** The folder of the configuration, or the template's file. */
  readonly project: string;
  /** The service's name in the configuration. */
  readonly service?: string;
  /** When the command was given: milliseconds since 1970. */
  readonly startedAt: number;
  readonly region: string;
  readonly template: string;
  readonly templateFile: string;
  /** Stacks of the region that the template's own needs, in their order. */
  readonly before?: readonly StackBefore[];
  /** Buckets of the CDK that an app's files go into: they are made before its stacks. */
  readonly staging?: readonly string[];
  /** What is in those buckets before the app's stacks begin. */
  readonly assets?: readonly Asset[];
  /** Templates of the stacks that these nest; absent: they are recorded by name. */
  readonly nestedTemplates?: NestedTemplates;
  /** Given by the user; the lab adds its own for those that only it can know. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Provision again even where a layer is kept. */
  readonly fresh: boolean;
  /** The local site, e.g. http://everydaehwa.localhost:8080. */
  readonly site?: string;
  /** Where the AWS endpoints are for clients of the host, e.g. http://127.0.0.1:4566. */
  readonly endpoint?: string;
  /** The port of 127.0.0.1 that the console is at. */
  readonly consolePort?: number;
}

/** A file of an app, kept in the cache. */
export interface Asset {
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
  /** Of what is in it: equal hashes, equal files. */
  readonly hash: string;
}

/** A stack whose exports another one imports. */
export interface StackBefore {
  readonly name: string;
  readonly template: string;
  readonly templateFile: string;
}

/** One app's release with the runtimes it may need: files of the cache. */
export interface ReleaseToPublish {
  readonly release: Release;
  readonly runtimes: readonly Runtime[];
}

/** What only the host's own network can make; handed over while the lab comes up. */
export interface Materials {
  readonly image: Image;
  readonly releases: readonly ReleaseToPublish[];
}

/** Metadata.Onsil of a template that the blueprint made: what the lab must know to run it. */
export interface TemplateMetadata {
  readonly service: string;
  readonly domain: string;
  readonly site: string;
  readonly health: string;
  /** Names of SecureString parameters that must exist before instances start. */
  readonly secrets: readonly string[];
  readonly releases: Readonly<
    Record<
      string,
      {
        /** Logical id of the bucket. */
        readonly bucket: string;
        /** Where an instance that runs the app answers 200 when it is ready. */
        readonly port: number;
        readonly health: string;
      }
    >
  >;
  readonly administrator: { readonly cidrParameter: string; readonly keyParameter: string };
  /** Asked by `onsil check` only; templates of older versions have none. */
  readonly policy?: readonly StatedPolicy[];
  /** Read by `onsil cost` only. */
  readonly usage?: Partial<Usage>;
}

/** The file descriptor at which the daemon finds the listener of the local site. */
export const SITE_DESCRIPTOR = 3;

/** That of the AWS endpoints; 4 is the channel to the command. */
export const AWS_DESCRIPTOR = 5;

/** That of the console. */
export const CONSOLE_DESCRIPTOR = 7;

/** That of the host's network namespace: images are built there, from the host's own mirror. */
export const HOST_NETWORK_DESCRIPTOR = 6;
