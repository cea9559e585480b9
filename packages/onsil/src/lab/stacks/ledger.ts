/** The records of all stacks of a lab, and everything that happened to them. */
import type { StackState } from '../../cloudformation/change-set.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { hashOf } from '../../region/hash.ts';
import type { ResourceStatus, StackEvent, StackRecord, StackStatus } from './stack-service.ts';

/** A record with what only the engine needs. */
export interface Entry {
  readonly record: StackRecord;
  /** Absent before the first execution and after the end. */
  readonly state?: StackState;
}

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #events = new Map<string, StackEvent[]>();
  readonly #listeners = new Set<(event: StackEvent) => void>();
  /** Milliseconds since 1970. */
  readonly now: () => number;
  #count = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  /** With deleted ones, the newest first. */
  entries(): readonly Entry[] {
    return [...this.#entries.values()].toReversed();
  }

  /** By name, of those that are there, or by ARN. */
  find(nameOrId: string): Entry | undefined {
    const byId = this.#entries.get(nameOrId);
    if (byId !== undefined) return byId;
    return this.entries().find(
      ({ record }) => record.name === nameOrId && record.status !== 'DELETE_COMPLETE',
    );
  }

  /** How many stacks of that name there were. */
  count(name: string): number {
    return this.entries().filter(({ record }) => record.name === name).length;
  }

  put(record: StackRecord, state: StackState | undefined): void {
    this.#entries.set(record.id, state === undefined ? { record } : { record, state });
  }

  /** Of a stack that is gone nothing is left but its record. */
  forgetStack(stackId: string): void {
    const { stack: _gone, ...record } = this.#at(stackId).record;
    this.put(record, undefined);
  }

  /** Puts down what only a record says of itself. */
  note(stackId: string, more: Partial<StackRecord>): void {
    const { record, state } = this.#at(stackId);
    this.put({ ...record, ...more }, state);
  }

  /** The newest first. */
  events(stackId: string): readonly StackEvent[] {
    return (this.#events.get(stackId) ?? []).toReversed();
  }

  subscribe(listener: (event: StackEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A new status of the stack itself. */
  stackStatus(stackId: string, status: StackStatus, more: Said = {}): void {
    const { record, state } = this.#at(stackId);
    const at = this.now();
    const { statusReason: _former, ...rest } = record;
    this.put(
      {
        ...rest,
        status,
        ...(more.reason === undefined ? {} : { statusReason: more.reason }),
        ...(status === 'DELETE_COMPLETE' ? { deletedAt: at } : {}),
        ...(status === 'UPDATE_IN_PROGRESS' ? { updatedAt: at } : {}),
      },
      state,
    );
    const type = 'AWS::CloudFormation::Stack';
    this.#tell(record, { logicalId: record.name, physicalId: stackId, type, status, at }, more);
  }

  /** A new status of one resource. */
  resourceStatus(
    stackId: string,
    resource: Pick<StackResource, 'logicalId' | 'type' | 'physicalId' | 'properties'>,
    status: ResourceStatus,
    more: Said & { readonly anonymous?: boolean } = {},
  ): void {
    const { record, state } = this.#at(stackId);
    const at = this.now();
    const { logicalId, type, properties } = resource;
    const reason = more.reason === undefined ? {} : { reason: more.reason };
    const resourceStatus = { ...record.resourceStatus, [logicalId]: { status, ...reason, at } };
    this.put({ ...record, resourceStatus }, state);
    const physicalId = more.anonymous === true ? '' : resource.physicalId;
    this.#tell(record, { logicalId, physicalId, type, status, at, properties }, more);
  }

  #tell(
    { id, name }: StackRecord,
    event: Pick<StackEvent, 'logicalId' | 'physicalId' | 'type' | 'status' | 'at' | 'properties'>,
    { reason, token }: Said,
  ): void {
    this.#count += 1;
    const digits = hashOf('event', id, String(this.#count));
    const made: StackEvent = {
      ...event,
      id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
      stackId: id,
      stackName: name,
      ...(reason === undefined ? {} : { reason }),
      ...(token === undefined ? {} : { clientRequestToken: token }),
    };
    this.#events.set(id, [...(this.#events.get(id) ?? []), made]);
    for (const listener of this.#listeners) listener(made);
  }

  #at(stackId: string): Entry {
    const entry = this.#entries.get(stackId);
    if (entry === undefined) throw new RangeError(`there is no stack ${stackId}`);
    return entry;
  }
}

interface Said {
  readonly reason?: string;
  readonly token?: string;
}
