/**
 * For tests: the AWS endpoints of a lab without machines and without packets, on a port of its
 * own. Its stacks are those of the real engine.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Region } from '../../../region/region.ts';
import { secretValue } from '../../../region/secret-value.ts';
import { memoryGroups } from '../../auto-scaling/testing.ts';
import { targetHealthOf } from '../../managed/load-balancer/health.ts';
import { StackEngine } from '../../stacks/engine.ts';
import { causesReplacement } from '../../stacks/specification.ts';
import { RegionApplier } from '../../stacks/testing.ts';
import { createCredentials } from '../credentials.ts';
import type { EndpointsContext } from '../endpoints.ts';
import { closeHttp } from '../http-server.ts';
import { listen } from '../listen.ts';
import { createLoopback } from '../loopback.ts';
import { createObjectStore } from '../object-store.ts';
import { memoryParameterStore } from '../ssm.ts';
import { Departed } from './ec2/departed.ts';
import type { DatabaseStatus, InstanceState, LabControl } from './operation.ts';
import { memorySecretStore } from './secretsmanager/secret-store.ts';

export interface TestLab {
  readonly url: string;
  readonly context: EndpointsContext;
  readonly errors: unknown[];
  region(): Region;
  /** What was done to databases, e.g. `stop db`. */
  readonly databases: readonly string[];
  /** For clients of the JavaScript SDK. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** For programs: what `onsil env` would print. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param change parts of the context to have otherwise */
export async function startTestLab(
  initial: Region,
  change: Partial<Pick<EndpointsContext, 'stacks' | 'onSignal'>> = {},
): Promise<TestLab> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  const applier = new RegionApplier(initial);
  const errors: unknown[] = [];
  const databases: string[] = [];
  const credentials = createCredentials();
  const context: EndpointsContext = {
    region: applier.region,
    credentials,
    now: Date.now,
    objects: createObjectStore(join(folder, 'objects')),
    parameters: memoryParameterStore(),
    secrets: memorySecretStore(),
    secretValue: (secret) => secretValue(secret, 'salt'),
    control: memoryControl(applier, databases),
    stacks: new StackEngine({ applier, now: Date.now, secret: 'salt', causesReplacement }),
    onSignal: () => {},
    acme: (_request, response) => response.end(),
    onError: (cause) => errors.push(cause),
    ...change,
  };
  const server = createLoopback(context);
  const { port } = await listen(server, { address: '127.0.0.1', port: 0 }, 'the endpoints');
  const url = `http://127.0.0.1:${port}`;
  const { accessKeyId, secretAccessKey } = credentials.administrator;
  return {
    ...{ url, context, errors, databases, region: applier.region },
    client: { endpoint: url, region: initial.name, credentials: { accessKeyId, secretAccessKey } },
    environment: {
      ...{ AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: initial.name, AWS_REGION: initial.name },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1' },
    },
    async close() {
      await closeHttp(server);
      await rm(folder, { recursive: true });
    },
  };
}

function memoryControl(applier: RegionApplier, done: string[]): LabControl {
  const departed = new Departed(Date.now);
  const states = new Map<string, InstanceState>();
  const after = {
    start: 'running',
    stop: 'stopped',
    reboot: 'running',
    terminate: 'terminated',
  } as const;
  const databases = new Map<string, DatabaseStatus>();
  const state = (instanceId: string): InstanceState => states.get(instanceId) ?? 'running';
  const scaling = memoryGroups(applier, (id) => state(id) !== 'running');
  const look = (): void => {
    for (const name of Object.keys(applier.region().autoScalingGroups)) scaling.open(name);
    scaling.look();
  };
  return {
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    databases: {
      status: (id) => databases.get(id) ?? 'available',
      power: (id, action) => {
        done.push(`${action} ${id}`);
        databases.set(id, action === 'stop' ? 'stopped' : 'available');
      },
    },
    change: async (step) => {
      const before = applier.region();
      await applier.change(step);
      departed.note(before, applier.region());
      look();
    },
    scaling,
    terminated: () => departed.list(),
    targetHealth: (arn) => {
      const group = applier.region().targetGroups[arn];
      const sources = { checks: () => undefined, isRunning: () => true };
      return group === undefined ? [] : targetHealthOf(applier.region(), group, sources);
    },
    state,
    power: async (instanceId, action) => {
      states.set(instanceId, after[action]);
      look();
    },
  };
}
