/** The stacks of a lab: checks what is asked, keeps the records, and starts the operations. */
import type { CausesReplacement } from '../../cloudformation/change.ts';
import { planStack, type StackPlan, type StackState } from '../../cloudformation/change-set.ts';
import { parseTemplate } from '../../cloudformation/parse.ts';
import { stackIdOf } from '../../cloudformation/pseudo-parameters.ts';
import type { StackOptions } from '../../cloudformation/stack.ts';
import type { Template } from '../../cloudformation/template.ts';
import type { Problem } from '../../region/problem.ts';
import { ProblemsError } from '../../region/problem.ts';
import type { Applier } from './applier.ts';
import { checkCapabilities } from './capabilities.ts';
import { ChangeSets, NO_CHANGES } from './change-sets.ts';
import { isWork } from './execution.ts';
import { exportsOf, importersOf, refuseChangedExports } from './exports.ts';
import { Ledger } from './ledger.ts';
import { create, recordOf, remove, update } from './operations.ts';
import {
  type ChangeSet,
  type ChangeSetInput,
  StackError,
  type StackEvent,
  type StackInput,
  type StackRecord,
  type StackService,
} from './stack-service.ts';

export interface EngineOptions {
  readonly applier: Applier;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Salt of wait conditions' addresses. */
  readonly secret: string;
  /** Of AWS's published specification; asked for updates only. */
  readonly causesReplacement: CausesReplacement;
  /** The template at the TemplateURL of a nested stack, which must be at hand by then. */
  readonly nestedTemplate?: StackOptions['nestedTemplate'];
  /** What calls put into the parameter store, by name. */
  readonly parameterStore?: () => NonNullable<StackOptions['parameterStore']>;
  /** Told what a template has that is without effect here. */
  readonly onProblems?: (stackName: string, problems: readonly Problem[]) => void;
}

/** See StackService. Several stacks may be worked on at once, each by one operation at a time. */
export class StackEngine implements StackService {
  readonly #options: EngineOptions;
  readonly #ledger: Ledger;
  readonly #changeSets: ChangeSets;
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#ledger = new Ledger(options.now);
    this.#changeSets = new ChangeSets(options.now);
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
    const record = this.#existing(stackNameOrId);
    return this.#changeSets.of(record.id);
  }

  exports(): ReturnType<StackService['exports']> {
    return exportsOf(this.stacks());
  }

  imports(exportName: string): readonly string[] {
    return importersOf(this.stacks(), exportName);
  }

  createStack(input: StackInput): string {
    const { stackName } = input;
    if (this.#ledger.find(stackName) !== undefined) {
      throw new StackError('AlreadyExistsException', `Stack [${stackName}] already exists`);
    }
    const plan = this.#plan(input, undefined);
    return this.#create(input, plan);
  }

  updateStack(input: StackInput): string {
    const { record, plan } = this.#planUpdate(input);
    if (!this.#changes(plan, record, input)) {
      throw new StackError('ValidationError', NO_CHANGES);
    }
    return this.#update(record, input, plan);
  }

  createChangeSet(input: ChangeSetInput): ChangeSet {
    const there = this.#ledger.find(input.stackName)?.record;
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
      const plan = this.#plan(input, undefined);
      const record = there ?? this.#reserve(input);
      return this.#changeSets.add(record.id, input, plan.changes, true);
    }
    const { record, plan } = this.#planUpdate(input);
    const parameters = this.#parameters(input, record);
    const changed = this.#changes(plan, record, input);
    return this.#changeSets.add(record.id, { ...input, parameters }, plan.changes, changed);
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

  executeChangeSet(changeSetNameOrId: string, stackNameOrId?: string, token?: string): void {
    const { changeSet, input } = this.#changeSets.executable(
      this.#changeSet(changeSetNameOrId, stackNameOrId).id,
    );
    const given: StackInput = {
      ...input,
      ...(token === undefined ? {} : { clientRequestToken: token }),
    };
    if (changeSet.type === 'CREATE') {
      const plan = this.#plan(given, undefined);
      this.#changeSets.executed(changeSet);
      this.#create(given, plan);
      return;
    }
    const { record, plan } = this.#planUpdate(given);
    this.#changeSets.executed(changeSet);
    this.#update(record, given, plan);
  }

  deleteStack(
    nameOrId: string,
    { retain, token }: { readonly retain?: readonly string[]; readonly token?: string } = {},
  ): void {
    const entry = this.#ledger.find(nameOrId);
    // As on AWS, a stack that is not there is deleted already.
    if (entry === undefined || entry.record.status === 'DELETE_COMPLETE') return;
    const { record, state } = entry;
    this.#refuseWhileBusy(record, 'DELETE');
    if (record.terminationProtection) {
      const said = `Stack [${record.name}] cannot be deleted while TerminationProtection is enabled`;
      throw new StackError('ValidationError', said);
    }
    refuseChangedExports(this.stacks(), record, undefined);
    const operation = this.#operation(record, token);
    this.#start(record.id, async () => {
      if (!(await remove(operation, state, retain))) return;
      this.#forgetState(record.id);
      this.#changeSets.forget(record.id);
    });
  }

  setTerminationProtection(nameOrId: string, enabled: boolean): string {
    const record = this.#existing(nameOrId);
    this.#ledger.put({ ...record, terminationProtection: enabled }, this.#stateOf(record));
    return record.id;
  }

  async settled(nameOrId: string): Promise<StackRecord> {
    const { id } = this.#existing(nameOrId);
    await this.#running.get(id);
    return this.#existing(id);
  }

  subscribe(listener: (event: StackEvent) => void): () => void {
    return this.#ledger.subscribe(listener);
  }

  /** What would be done for the input; nothing is changed. */
  #plan(input: StackInput, before: StackState | undefined, record?: StackRecord): StackPlan {
    const { applier, secret, causesReplacement, nestedTemplate, parameterStore } = this.#options;
    const region = applier.region();
    const others = this.exports().filter(({ stackId }) => stackId !== record?.id);
    const options: StackOptions = {
      stackName: input.stackName,
      parameters: record === undefined ? input.parameters : this.#parameters(input, record),
      secret,
      ...(nestedTemplate === undefined ? {} : { nestedTemplate }),
      ...(parameterStore === undefined ? {} : { parameterStore: parameterStore() }),
      stackId: record?.id ?? stackIdOf(region, input.stackName, this.#incarnation(input.stackName)),
      exports: Object.fromEntries(others.map(({ name, value }) => [name, value])),
    };
    try {
      const template = this.#template(input);
      checkCapabilities(template, input.capabilities ?? []);
      return planStack(region, before, template, options, causesReplacement);
    } catch (cause) {
      if (!(cause instanceof ProblemsError)) throw cause;
      throw new StackError('ValidationError', cause.message, { cause });
    }
  }

  #template({ templateBody, templateFile = 'TemplateBody' }: StackInput): Template {
    return parseTemplate(templateBody, templateFile);
  }

  #incarnation(name: string): number {
    const there = this.#ledger.find(name);
    return this.#ledger.count(name) - (there === undefined ? 0 : 1);
  }

  #planUpdate(input: StackInput): { readonly record: StackRecord; readonly plan: StackPlan } {
    const record = this.#existing(input.stackName);
    const state = this.#stateOf(record);
    this.#refuseWhileBusy(record, 'UPDATE');
    if (state === undefined || /^ROLLBACK_|^CREATE_FAILED|^DELETE_FAILED/.test(record.status)) {
      const said = `Stack:${record.id} is in ${record.status} state and can not be updated.`;
      throw new StackError('ValidationError', said);
    }
    const plan = this.#plan({ ...input, stackName: record.name }, state, record);
    refuseChangedExports(this.stacks(), record, plan.after.stack);
    return { record, plan };
  }

  #changes(plan: StackPlan, record: StackRecord, input: StackInput): boolean {
    const tags =
      input.tags === undefined || JSON.stringify(input.tags) === JSON.stringify(record.tags);
    return plan.changes.some(isWork) || plan.changesOutputs || !tags;
  }

  #parameters(
    { parameters, usePreviousValue = [] }: StackInput,
    record: StackRecord,
  ): Readonly<Record<string, string>> {
    const kept = usePreviousValue.flatMap((name) => {
      const value = record.parameters[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return { ...Object.fromEntries(kept), ...parameters };
  }

  #create(input: StackInput, plan: StackPlan): string {
    this.#options.onProblems?.(input.stackName, plan.problems);
    const record = recordOf(this.#reserve(input), plan, this.#given(input, input.parameters));
    this.#ledger.put(record, plan.after);
    const operation = this.#operation(record, input.clientRequestToken);
    this.#ledger.stackStatus(record.id, 'CREATE_IN_PROGRESS', {
      reason: 'User Initiated',
      ...tokenOf(input),
    });
    this.#start(record.id, async () => {
      await create(operation, plan, input.onFailure ?? 'ROLLBACK');
      const { status } = this.#existing(record.id);
      // Nothing is left of it but its record.
      if (status === 'ROLLBACK_COMPLETE' || status === 'DELETE_COMPLETE')
        this.#forgetState(record.id);
    });
    return record.id;
  }

  #update(record: StackRecord, input: StackInput, plan: StackPlan): string {
    this.#options.onProblems?.(record.name, plan.problems);
    const former = this.#stateOf(record);
    const given = this.#given(input, plan.after.options.parameters, record);
    this.#ledger.put(recordOf(record, plan, given), former);
    this.#ledger.stackStatus(record.id, 'UPDATE_IN_PROGRESS', {
      reason: 'User Initiated',
      ...tokenOf(input),
    });
    const operation = this.#operation(record, input.clientRequestToken);
    this.#start(record.id, async () => {
      const done = await update(operation, plan);
      const now = this.#existing(record.id);
      const there = done ? plan.after.stack : former?.stack;
      const resourceStatus = Object.fromEntries(
        Object.entries(now.resourceStatus).filter(
          ([logicalId, { status }]) =>
            there?.resources[logicalId] !== undefined || status === 'DELETE_FAILED',
        ),
      );
      if (done) this.#ledger.put({ ...now, resourceStatus }, plan.after);
      else {
        const { templateBody, parameters, tags, capabilities, stack } = record;
        const back = { templateBody, parameters, tags, capabilities };
        this.#ledger.put(
          { ...now, ...back, ...(stack === undefined ? {} : { stack }), resourceStatus },
          former,
        );
      }
      this.#changeSets.obsolete(record.id);
    });
    return record.id;
  }

  #given(
    input: StackInput,
    parameters: Readonly<Record<string, string>>,
    former?: StackRecord,
  ): Parameters<typeof recordOf>[2] {
    return {
      templateBody: input.templateBody,
      parameters,
      tags: input.tags ?? former?.tags ?? {},
      capabilities: input.capabilities ?? [],
      ...(input.roleArn === undefined ? {} : { roleArn: input.roleArn }),
    };
  }

  /** The record of a stack that nothing was made of so far. */
  #reserve(input: StackInput): StackRecord {
    const there = this.#ledger.find(input.stackName)?.record;
    if (there !== undefined) return there;
    const region = this.#options.applier.region();
    const record: StackRecord = {
      ...this.#given(input, input.parameters),
      name: input.stackName,
      id: stackIdOf(region, input.stackName, this.#incarnation(input.stackName)),
      status: 'REVIEW_IN_PROGRESS',
      terminationProtection: input.terminationProtection ?? false,
      resourceStatus: {},
      createdAt: this.#options.now(),
    };
    this.#ledger.put(record, undefined);
    return record;
  }

  #operation({ id, name }: StackRecord, token: string | undefined) {
    const { applier } = this.#options;
    const said = token === undefined ? {} : { token };
    return { ledger: this.#ledger, applier, stackId: id, stackName: name, ...said };
  }

  #start(stackId: string, work: () => Promise<void>): void {
    const running = work();
    this.#running.set(stackId, running);
    // Who waits by `settled` is told.
    running.catch(() => {});
  }

  #existing(nameOrId: string): StackRecord {
    const found = this.#ledger.find(nameOrId);
    if (found !== undefined) return found.record;
    throw new StackError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  }

  #stateOf(record: StackRecord): StackState | undefined {
    return this.#ledger.find(record.id)?.state;
  }

  #forgetState(stackId: string): void {
    const { stack: _gone, ...record } = this.#existing(stackId);
    this.#ledger.put(record, undefined);
  }

  #refuseWhileBusy({ id, status }: StackRecord, action: 'UPDATE' | 'DELETE'): void {
    if (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS') return;
    const said =
      action === 'UPDATE'
        ? `Stack:${id} is in ${status} state and can not be updated.`
        : `Stack [${id}] cannot be deleted while in status ${status}`;
    throw new StackError('ValidationError', said);
  }

  #changeSet(nameOrId: string, stackNameOrId: string | undefined): ChangeSet {
    const stackId = stackNameOrId === undefined ? undefined : this.#existing(stackNameOrId).id;
    return this.#changeSets.find(nameOrId, stackId);
  }
}

const tokenOf = ({ clientRequestToken: token }: StackInput) =>
  token === undefined ? {} : { token };
