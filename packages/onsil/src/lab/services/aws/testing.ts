/**
 * For tests: the AWS endpoints of a lab without machines and without packets, on a port of its
 * own. Its stacks are made by the pure engine, at once; a change set holds what is new by name.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTemplate } from '../../../cloudformation/parse.ts';
import { createStack, type Stack } from '../../../cloudformation/stack.ts';
import type { Region } from '../../../region/region.ts';
import {
  type ChangeSet,
  StackError,
  type StackEvent,
  type StackInput,
  type StackRecord,
  type StackService,
} from '../../stacks/stack-service.ts';
import { createCredentials } from '../credentials.ts';
import type { EndpointsContext } from '../endpoints.ts';
import { closeHttp } from '../http-server.ts';
import { listen } from '../listen.ts';
import { createLoopback } from '../loopback.ts';
import { createObjectStore } from '../object-store.ts';
import { memoryParameterStore } from '../ssm.ts';
import type { InstanceState, LabControl } from './operation.ts';
import { memorySecretStore } from './secretsmanager/secret-store.ts';

export interface TestLab {
  readonly url: string;
  readonly context: EndpointsContext;
  readonly errors: unknown[];
  region(): Region;
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

export async function startTestLab(initial: Region): Promise<TestLab> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  let region = initial;
  const errors: unknown[] = [];
  const credentials = createCredentials();
  const context: EndpointsContext = {
    region: () => region,
    credentials,
    now: Date.now,
    objects: createObjectStore(join(folder, 'objects')),
    parameters: memoryParameterStore(),
    secrets: memorySecretStore(),
    control: memoryControl(
      () => region,
      (next) => {
        region = next;
      },
    ),
    stacks: pureStacks(
      () => region,
      (next) => {
        region = next;
      },
    ),
    onSignal: () => {},
    acme: (_request, response) => response.end(),
    onError: (cause) => errors.push(cause),
  };
  const server = createLoopback(context);
  const { port } = await listen(server, { address: '127.0.0.1', port: 0 }, 'the endpoints');
  const url = `http://127.0.0.1:${port}`;
  const { accessKeyId, secretAccessKey } = credentials.administrator;
  return {
    ...{ url, context, errors, region: () => region },
    client: { endpoint: url, region: region.name, credentials: { accessKeyId, secretAccessKey } },
    environment: {
      ...{ AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: region.name, AWS_REGION: region.name },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1' },
    },
    async close() {
      await closeHttp(server);
      await rm(folder, { recursive: true });
    },
  };
}

function memoryControl(region: () => Region, set: (region: Region) => void): LabControl {
  const states = new Map<string, InstanceState>();
  const after = {
    start: 'running',
    stop: 'stopped',
    reboot: 'running',
    terminate: 'terminated',
  } as const;
  return {
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    change: async (step) => set(step(region())),
    state: (instanceId) => states.get(instanceId) ?? 'running',
    power: async (instanceId, action) => {
      states.set(instanceId, after[action]);
    },
  };
}

/** A stack is what its template makes of the region as it is; a new version replaces it wholly. */
function pureStacks(region: () => Region, set: (region: Region) => void): StackService {
  const records = new Map<string, StackRecord>();
  const bases = new Map<string, Region>();
  const events: StackEvent[] = [];
  const changeSets: ChangeSet[] = [];

  const find = (nameOrId: string): StackRecord | undefined =>
    records.get(nameOrId) ??
    [...records.values()].find(
      ({ name, deletedAt }) => name === nameOrId && deletedAt === undefined,
    );
  const there = (nameOrId: string): StackRecord => {
    const found = find(nameOrId);
    if (found === undefined)
      throw new StackError('ValidationError', `Stack with id ${nameOrId} does not exist`);
    return found;
  };
  const tell = (
    { id, name }: StackRecord,
    type: string,
    status: StackEvent['status'],
    logicalId = name,
    physicalId = id,
  ): void => {
    events.unshift({
      ...{ id: randomUUID(), stackId: id, stackName: name, logicalId, physicalId },
      ...{ type, status, at: Date.now() },
    });
  };
  const made = (base: Region, input: StackInput): { region: Region; stack: Stack } => {
    try {
      return createStack(base, parseTemplate(input.templateBody, 'TemplateBody'), {
        ...{ stackName: input.stackName, parameters: input.parameters, secret: 'secret' },
      });
    } catch (cause) {
      throw new StackError('ValidationError', cause instanceof Error ? cause.message : '', {
        cause,
      });
    }
  };
  const execute = (
    base: Region,
    input: StackInput,
    status: 'CREATE_COMPLETE' | 'UPDATE_COMPLETE',
  ): string => {
    const { region: next, stack } = made(base, input);
    set(next);
    const before = find(input.stackName);
    const record: StackRecord = {
      ...{ name: input.stackName, id: before?.id ?? stack.id, status, stack },
      ...{ templateBody: input.templateBody, parameters: input.parameters },
      ...{ tags: input.tags ?? {}, capabilities: input.capabilities ?? [] },
      terminationProtection: input.terminationProtection ?? false,
      resourceStatus: {},
      createdAt: before?.createdAt ?? Date.now(),
      ...(before === undefined ? {} : { updatedAt: Date.now() }),
    };
    records.set(record.id, record);
    bases.set(record.id, base);
    for (const [logicalId, { type, physicalId }] of Object.entries(stack.resources))
      tell(record, type, status, logicalId, physicalId);
    tell(record, 'AWS::CloudFormation::Stack', status);
    return record.id;
  };
  const baseOf = (record: StackRecord): Region => bases.get(record.id) ?? region();
  const service: StackService = {
    find,
    stacks: () => [...records.values()].toReversed(),
    events: (stackId) => events.filter((each) => each.stackId === stackId),
    changeSets: (nameOrId) => changeSets.filter(({ stackId }) => stackId === there(nameOrId).id),
    exports: () =>
      [...records.values()].flatMap(({ id, stack }) =>
        Object.values(stack?.outputs ?? {}).flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [{ name: exportName, value, stackId: id }],
        ),
      ),
    imports: () => [],
    createStack(input) {
      if (find(input.stackName) !== undefined)
        throw new StackError('AlreadyExistsException', `Stack [${input.stackName}] already exists`);
      return execute(region(), input, 'CREATE_COMPLETE');
    },
    updateStack: (input) => execute(baseOf(there(input.stackName)), input, 'UPDATE_COMPLETE'),
    createChangeSet(input) {
      const old = find(input.stackName);
      const before = old?.stack?.resources ?? {};
      const { stack } = made(old === undefined ? region() : baseOf(old), input);
      if (old === undefined) {
        const { name, id } = stack;
        records.set(id, {
          ...{ name, id, status: 'REVIEW_IN_PROGRESS', templateBody: '', parameters: {}, tags: {} },
          ...{
            capabilities: [],
            terminationProtection: false,
            resourceStatus: {},
            createdAt: Date.now(),
          },
        });
      }
      const added = Object.values(stack.resources).filter(
        ({ logicalId }) => !(logicalId in before),
      );
      const removed = Object.values(before).filter(
        ({ logicalId }) => !(logicalId in stack.resources),
      );
      const none = added.length + removed.length === 0 && old?.templateBody === input.templateBody;
      const id = stack.id.replace(
        /:stack\/.*$/,
        `:changeSet/${input.changeSetName}/${randomUUID()}`,
      );
      const changeSet: ChangeSet = {
        ...{ name: input.changeSetName, id, stackId: old?.id ?? stack.id, stackName: stack.name },
        ...{ type: input.type, templateBody: input.templateBody, parameters: input.parameters },
        ...{ tags: input.tags ?? {}, capabilities: input.capabilities ?? [] },
        ...(none
          ? {
              ...{ status: 'FAILED', executionStatus: 'UNAVAILABLE' },
              statusReason:
                "The submitted information didn't contain changes. Submit different information to create a change set.",
            }
          : { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' }),
        changes: [
          ...added.map((each) => ({
            ...{ action: 'Add' as const, logicalId: each.logicalId, type: each.type },
            ...{ scope: [], details: [] },
          })),
          ...removed.map((each) => ({
            ...{ action: 'Remove' as const, logicalId: each.logicalId, type: each.type },
            ...{ physicalId: each.physicalId, scope: [], details: [] },
          })),
        ],
        createdAt: Date.now(),
      };
      changeSets.unshift(changeSet);
      return changeSet;
    },
    deleteChangeSet(nameOrId) {
      const index = changeSets.findIndex(({ id, name }) => id === nameOrId || name === nameOrId);
      if (index >= 0) changeSets.splice(index, 1);
    },
    executeChangeSet(nameOrId) {
      const found = changeSets.find(({ id, name }) => id === nameOrId || name === nameOrId);
      if (found === undefined)
        throw new StackError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`);
      const record = there(found.stackId);
      const status = record.stack === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
      execute(baseOf(record), found, status);
    },
    deleteStack(nameOrId) {
      const record = there(nameOrId);
      if (record.terminationProtection)
        throw new StackError(
          'ValidationError',
          `Stack [${record.name}] cannot be deleted while TerminationProtection is enabled`,
        );
      set(baseOf(record));
      tell(record, 'AWS::CloudFormation::Stack', 'DELETE_COMPLETE');
      const { stack: _gone, ...rest } = record;
      records.set(record.id, { ...rest, status: 'DELETE_COMPLETE', deletedAt: Date.now() });
    },
    setTerminationProtection(nameOrId, enabled) {
      const record = there(nameOrId);
      records.set(record.id, { ...record, terminationProtection: enabled });
      return record.id;
    },
    settled: async (nameOrId) => there(nameOrId),
    subscribe: () => () => {},
  };
  return service;
}
