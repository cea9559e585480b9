/** The stacks of a lab: checks what is asked, keeps the records, and starts the operations. */
import type { StackPlan } from '../../cloudformation/change-set.ts';
import { ChangeSets, NO_CHANGES } from './change-sets.ts';
import { exportsOf, importersOf, refuseChangedExports } from './exports.ts';
import { Ledger } from './ledger.ts';
import { isChange, Planner, parametersOf } from './planner.ts';
import {
  demandStatus,
  refuseDeletion,
  refuseNested,
  refuseUpdate,
  skippedPaths,
} from './refusals.ts';
import { Runs, type RunsOptions } from './runs.ts';
import {
  type ChangeSet,
  type ChangeSetInput,
  type ExecuteOptions,
  StackError,
  type StackEvent,
  type StackInput,
  type StackRecord,
  type StackService,
} from './stack-service.ts';
import { Tokens } from './tokens.ts';

export interface EngineOptions extends Omit<RunsOptions, 'ledger' | 'changeSets'> {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Salt of wait conditions' addresses. */
  readonly secret: string;
  readonly causesReplacement: ConstructorParameters<typeof Planner>[0]['causesReplacement'];
  /** Whether the applier launches the instances of Auto Scaling groups. */
  readonly launchesLater?: boolean;
  /** What calls put into the parameter store, by name. */
  readonly parameterStore?: NonNullable<ConstructorParameters<typeof Planner>[0]['parameterStore']>;
}

/** See StackService. Several stacks may be worked on at once, each by one operation at a time. */
export class StackEngine implements StackService {
  readonly #ledger: Ledger;
  readonly #changeSets: ChangeSets;
  readonly #planner: Planner;
  readonly #runs: Runs;
  readonly #tokens = new Tokens();

  constructor({ now, secret, causesReplacement, ...options }: EngineOptions) {
    const { region } = options.applier;
    this.#ledger = new Ledger(now);
    this.#changeSets = new ChangeSets(now);
    this.#planner = new Planner({
      ...{ region, ledger: this.#ledger, secret, causesReplacement },
      parameterStore: options.parameterStore,
      launchesLater: options.launchesLater,
    });
    const { stackId } = this.#planner;
    const idOf = stackId.bind(this.#planner);
    const parts = { ledger: this.#ledger, changeSets: this.#changeSets };
    this.#runs = new Runs({ ...options, ...parts }, idOf);
  }

  stacks(): readonly StackRecord[] {
    return this.#ledger.entries().map(({ record }) => record);
  }

  find(nameOrId: string): StackRecord | undefined {
    return this.#ledger.find(nameOrId)?.record;
  }

  events(stackId: string): readonly StackEvent[] {
    return this.#ledger.events(stackId);
  }

  changeSets(stackNameOrId: string): readonly ChangeSet[] {
    return this.#changeSets.of(this.#existing(stackNameOrId).id);
  }

  exports(): ReturnType<StackService['exports']> {
    return exportsOf(this.stacks());
  }

  imports(exportName: string): readonly string[] {
    return importersOf(this.stacks(), exportName);
  }

  missingTemplates(input: StackInput, isUpdate: boolean): readonly string[] {
    const entry = isUpdate ? this.#ledger.find(input.stackName) : undefined;
    const name = entry?.record.name ?? input.stackName;
    return this.#planner.missingTemplates(
      { ...input, stackName: name },
      entry?.state,
      entry?.record,
    );
  }

  createStack(input: StackInput): string {
    const { stackName, clientRequestToken } = input;
    return this.#tokens.once(clientRequestToken, `CreateStack ${stackName}`, () => {
      if (this.find(stackName) !== undefined) {
        throw new StackError('AlreadyExistsException', `Stack [${stackName}] already exists`);
      }
      return this.#runs.create(input, this.#planner.plan(input));
    });
  }

  updateStack(input: StackInput): string {
    const { stackName, clientRequestToken } = input;
    return this.#tokens.once(clientRequestToken, `UpdateStack ${stackName}`, () => {
      const { record, plan } = this.#planUpdate(input);
      if (!isChange(plan, record, input)) throw new StackError('ValidationError', NO_CHANGES);
      return this.#runs.update(record, input, plan);
    });
  }

  createChangeSet(input: ChangeSetInput): ChangeSet {
    const there = this.find(input.stackName);
    if (input.type === 'IMPORT') {
      throw new StackError('ValidationError', 'Resources cannot be imported into stacks here.');
    }
    if (input.type === 'CREATE') {
      if (there !== undefined && there.status !== 'REVIEW_IN_PROGRESS') {
        const said =
          `Stack [${input.stackName}] already exists and cannot be created again with the ` +
          `changeSet [${input.changeSetName}].`;
        throw new StackError('ValidationError', said);
      }
      const plan = this.#planner.plan(input);
      const record = there ?? this.#runs.reserve(input);
      return this.#addChangeSet(record, input, plan, true);
    }
    const { record, plan } = this.#planUpdate(input);
    const parameters = parametersOf(input, record);
    return this.#addChangeSet(
      record,
      { ...input, parameters },
      plan,
      isChange(plan, record, input),
    );
  }

  deleteChangeSet(changeSetNameOrId: string, stackNameOrId?: string): void {
    try {
      this.#changeSets.delete(this.#changeSet(changeSetNameOrId, stackNameOrId).id);
    } catch (error) {
      // Of a stack that is there, one that is not counts as deleted: AWS's clients rely on it.
      const isGone = error instanceof StackError && error.code === 'ChangeSetNotFound';
      if (!isGone || stackNameOrId === undefined) throw error;
    }
  }

  executeChangeSet(
    changeSetNameOrId: string,
    stackNameOrId?: string,
    { token, onFailure, retainExceptOnCreate }: ExecuteOptions = {},
  ): void {
    const { id, rootId } = this.#changeSet(changeSetNameOrId, stackNameOrId);
    if (rootId !== undefined) {
      const said = `ChangeSet ${id} is of a nested stack: execute the one of its root, ${rootId}.`;
      throw new StackError('ValidationError', said);
    }
    this.#tokens.once(token, `ExecuteChangeSet ${id}`, () => {
      const { changeSet, input } = this.#changeSets.executable(id);
      const given: StackInput = {
        ...input,
        ...(onFailure === undefined ? {} : { onFailure }),
        ...(retainExceptOnCreate === undefined ? {} : { retainExceptOnCreate }),
        ...(token === undefined ? {} : { clientRequestToken: token }),
      };
      if (changeSet.type === 'CREATE') {
        const plan = this.#planner.plan(given);
        this.#changeSets.executed(changeSet);
        return this.#runs.create(given, plan);
      }
      const { record, plan } = this.#planUpdate(given);
      this.#changeSets.executed(changeSet);
      return this.#runs.update(record, given, plan);
    });
  }

  deleteStack(
    nameOrId: string,
    { retain, token }: { readonly retain?: readonly string[]; readonly token?: string } = {},
  ): void {
    const record = this.find(nameOrId);
    // As on AWS, a stack that is not there is deleted already.
    if (record === undefined || record.status === 'DELETE_COMPLETE') return;
    this.#tokens.once(token, `DeleteStack ${record.id}`, () => {
      refuseNested(record);
      refuseDeletion(record);
      refuseChangedExports(this.stacks(), record, undefined);
      return this.#runs.remove(record, retain, token);
    });
  }

  cancelUpdate(nameOrId: string, token?: string): void {
    const record = this.#existing(nameOrId);
    this.#tokens.once(token, `CancelUpdateStack ${record.id}`, () => {
      refuseNested(record);
      demandStatus(record, 'CancelUpdateStack', ['UPDATE_IN_PROGRESS']);
      return this.#runs.cancel(record);
    });
  }

  rollback(
    nameOrId: string,
    options: { readonly retainExceptOnCreate?: boolean; readonly token?: string } = {},
  ): string {
    const record = this.#existing(nameOrId);
    return this.#tokens.once(options.token, `RollbackStack ${record.id}`, () => {
      refuseNested(record);
      demandStatus(record, 'RollbackStack', ['CREATE_FAILED', 'UPDATE_FAILED']);
      return this.#runs.rollBack(record, options);
    });
  }

  continueRollback(
    nameOrId: string,
    options: { readonly skip?: readonly string[]; readonly token?: string } = {},
  ): void {
    const record = this.#existing(nameOrId);
    this.#tokens.once(options.token, `ContinueUpdateRollback ${record.id}`, () => {
      refuseNested(record);
      demandStatus(record, 'ContinueUpdateRollback', ['UPDATE_ROLLBACK_FAILED']);
      const skip = skippedPaths(options.skip ?? [], record.stack);
      return this.#runs.rollBack(record, { ...options, skip });
    });
  }

  setTerminationProtection(nameOrId: string, enabled: boolean): string {
    const record = this.#existing(nameOrId);
    refuseNested(record);
    this.#ledger.note(record.id, { terminationProtection: enabled });
    return record.id;
  }

  async settled(nameOrId: string): Promise<StackRecord> {
    const { id, rootId } = this.#existing(nameOrId);
    await this.#runs.settled(rootId ?? id);
    return this.#existing(id);
  }

  subscribe(listener: (event: StackEvent) => void): () => void {
    return this.#ledger.subscribe(listener);
  }

  #planUpdate(input: StackInput): { readonly record: StackRecord; readonly plan: StackPlan } {
    const record = this.#existing(input.stackName);
    refuseNested(record);
    refuseUpdate(record);
    const state = this.#ledger.find(record.id)?.state;
    const plan = this.#planner.plan({ ...input, stackName: record.name }, state, record);
    refuseChangedExports(this.stacks(), record, plan.after.stack);
    return { record, plan };
  }

  #addChangeSet(
    { id }: StackRecord,
    input: ChangeSetInput,
    plan: StackPlan,
    isChange: boolean,
  ): ChangeSet {
    const made = this.#changeSets.add(id, input, plan.changes, isChange);
    if (input.includeNested !== true || !isChange) return made;
    return this.#changeSets.addNested(made, input, plan.after.stack, this.#ledger);
  }

  #existing(nameOrId: string): StackRecord {
    const found = this.find(nameOrId);
    if (found !== undefined) return found;
    throw new StackError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  }

  #changeSet(nameOrId: string, stackNameOrId: string | undefined): ChangeSet {
    const stackId = stackNameOrId === undefined ? undefined : this.#existing(stackNameOrId).id;
    return this.#changeSets.find(nameOrId, stackId);
  }
}
