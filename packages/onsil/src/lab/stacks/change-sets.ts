/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html */
import type { ResourceChange } from '../../cloudformation/change.ts';
import type { Stack } from '../../cloudformation/stack.ts';
import { hashOf } from '../../region/hash.ts';
import type { Ledger } from './ledger.ts';
import { recordOfNested } from './nested.ts';
import { type ChangeSet, type ChangeSetInput, StackError } from './stack-service.ts';

/** What AWS says to an update that changes nothing. */
export const NO_CHANGES = 'No updates are to be performed.';
const NOTHING_IN_IT =
  "The submitted information didn't contain changes. " +
  'Submit different information to create a change set.';

interface Kept {
  readonly changeSet: ChangeSet;
  readonly input: ChangeSetInput;
}

export class ChangeSets {
  readonly #sets = new Map<string, Kept>();
  readonly #now: () => number;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Of one stack, the newest first. */
  of(stackId: string): readonly ChangeSet[] {
    return [...this.#sets.values()]
      .map(({ changeSet }) => changeSet)
      .filter((each) => each.stackId === stackId)
      .toReversed();
  }

  /** Throws `AlreadyExistsException` where the stack has one of that name. */
  add(
    stackId: string,
    input: ChangeSetInput,
    changes: readonly ResourceChange[],
    hasChanges: boolean,
  ): ChangeSet {
    const name = input.changeSetName;
    if (this.of(stackId).some((each) => each.name === name)) {
      throw new StackError('AlreadyExistsException', `ChangeSet ${name} already exists`);
    }
    this.#count += 1;
    const digits = hashOf('change set', stackId, name, String(this.#count));
    const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
    const changeSet: ChangeSet = {
      ...{ name, stackId, stackName: input.stackName, type: input.type },
      id: `${stackId.slice(0, stackId.indexOf(':stack/'))}:changeSet/${name}/${uuid}`,
      status: hasChanges ? 'CREATE_COMPLETE' : 'FAILED',
      executionStatus: hasChanges ? 'AVAILABLE' : 'UNAVAILABLE',
      ...(hasChanges ? {} : { statusReason: NOTHING_IN_IT }),
      ...(input.description === undefined ? {} : { description: input.description }),
      templateBody: input.templateBody,
      parameters: input.parameters,
      tags: input.tags ?? {},
      capabilities: input.capabilities ?? [],
      changes,
      createdAt: this.#now(),
    };
    this.#sets.set(changeSet.id, { changeSet, input });
    return changeSet;
  }

  /** Also for the stacks that are nested, which are there from now on, under review. */
  addNested(
    parent: ChangeSet,
    input: ChangeSetInput,
    { resources }: Pick<Stack, 'resources'>,
    ledger: Ledger,
  ): ChangeSet {
    const rootId = parent.rootId ?? parent.id;
    const nested = parent.changes.flatMap(({ action, logicalId, nested: changes = [] }) => {
      const own = resources[logicalId]?.nested;
      if (own === undefined || action === 'Remove') return [];
      const root = ledger.find(parent.stackId)?.record.rootId ?? parent.stackId;
      if (ledger.find(own.id) === undefined) {
        const from = { ledger, stackId: parent.stackId, rootId: root };
        const { stack: _later, ...record } = recordOfNested(from, own);
        ledger.put(record, undefined);
      }
      const { templateBody, parameters, tags } = own.source;
      const given: ChangeSetInput = {
        ...{ stackName: own.name, templateBody, parameters, tags },
        ...{ changeSetName: `${input.changeSetName}-${logicalId}`.slice(0, 128) },
        type: action === 'Add' ? 'CREATE' : 'UPDATE',
      };
      const made = this.add(own.id, given, changes, true);
      const noted = this.#note({ ...made, parentId: parent.id, rootId });
      return [[logicalId, this.addNested(noted, given, own, ledger).id] as const];
    });
    return nested.length === 0
      ? parent
      : this.#note({ ...parent, nested: Object.fromEntries(nested) });
  }

  /** By ARN, or by name within a stack. Throws `ChangeSetNotFound`. */
  find(nameOrId: string, stackId: string | undefined): ChangeSet {
    const byId = this.#sets.get(nameOrId)?.changeSet;
    if (byId !== undefined) return byId;
    const found = this.of(stackId ?? '').find(({ name }) => name === nameOrId);
    if (found !== undefined) return found;
    throw new StackError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`);
  }

  /** Throws `InvalidChangeSetStatus` where it cannot be executed. */
  executable(id: string): Kept {
    const kept = this.#sets.get(id);
    if (kept?.changeSet.executionStatus === 'AVAILABLE') return kept;
    const status = kept?.changeSet.status === 'FAILED' ? 'FAILED' : kept?.changeSet.executionStatus;
    const said = `ChangeSet [${id}] cannot be executed in its current status of [${status}]`;
    throw new StackError('InvalidChangeSetStatus', said);
  }

  /** The others of its stack were made for a state that is no more. */
  executed(changeSet: ChangeSet): void {
    this.obsolete(changeSet.stackId);
    this.#note({ ...changeSet, executionStatus: 'EXECUTE_COMPLETE' });
    for (const id of Object.values(changeSet.nested ?? {})) {
      const inner = this.#sets.get(id)?.changeSet;
      if (inner !== undefined) this.executed(inner);
    }
  }

  obsolete(stackId: string): void {
    for (const each of this.of(stackId)) {
      if (each.executionStatus === 'AVAILABLE')
        this.#note({ ...each, executionStatus: 'OBSOLETE' });
    }
  }

  /** With those of the stacks that are nested. */
  delete(id: string): void {
    const { nested = {} } = this.#sets.get(id)?.changeSet ?? {};
    for (const inner of Object.values(nested)) this.delete(inner);
    this.#sets.delete(id);
  }

  /** Those of a stack that is gone. */
  forget(stackId: string): void {
    for (const { id } of this.of(stackId)) this.#sets.delete(id);
  }

  #note(changeSet: ChangeSet): ChangeSet {
    const kept = this.#sets.get(changeSet.id);
    if (kept !== undefined) this.#sets.set(changeSet.id, { ...kept, changeSet });
    return changeSet;
  }
}
