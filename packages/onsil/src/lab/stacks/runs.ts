/** Operations that are under way or left half done, and what becomes of the records at their end. */
import type { StackPlan, StackState } from '../../cloudformation/change-set.ts';
import { regionWithout } from '../../cloudformation/change-set.ts';
import type { Problem } from '../../region/problem.ts';
import type { Applier } from './applier.ts';
import type { Bench } from './bench.ts';
import type { ChangeSets } from './change-sets.ts';
import { create, rollBackCreation } from './creation.ts';
import type { Ledger } from './ledger.ts';
import { timeLimit } from './nested.ts';
import { remove } from './removal.ts';
import { rollBackUpdate } from './rollback.ts';
import { StackError, type StackInput, type StackRecord } from './stack-service.ts';
import { type Unfinished, update } from './update.ts';

export interface RunsOptions {
  readonly ledger: Ledger;
  readonly changeSets: ChangeSets;
  readonly applier: Applier;
  /** Told what a template has that is without effect here. */
  readonly onProblems?: (stackName: string, problems: readonly Problem[]) => void;
}

interface Run {
  readonly ended: Promise<void>;
  readonly stop: AbortController;
}

/** Methods return the stack's id at once; `settled` waits. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #idOf: (stackName: string) => string;
  readonly #running = new Map<string, Run>();
  /** Updates that failed and are not, or not wholly, rolled back; by stack. */
  readonly #unfinished = new Map<string, Unfinished>();

  constructor(options: RunsOptions, idOf: (stackName: string) => string) {
    this.#options = options;
    this.#idOf = idOf;
  }

  async settled(stackId: string): Promise<void> {
    await this.#running.get(stackId)?.ended;
  }

  /** The record of a stack that nothing was made of so far. */
  reserve(input: StackInput): StackRecord {
    const { ledger } = this.#options;
    const there = ledger.find(input.stackName)?.record;
    if (there !== undefined) return there;
    const record: StackRecord = {
      ...givenBy(input, input.parameters),
      ...{ name: input.stackName, id: this.#idOf(input.stackName), status: 'REVIEW_IN_PROGRESS' },
      terminationProtection: input.terminationProtection ?? false,
      ...{ resourceStatus: {}, createdAt: ledger.now() },
    };
    ledger.put(record, undefined);
    return record;
  }

  create(input: StackInput, plan: StackPlan): string {
    const { ledger, onProblems } = this.#options;
    onProblems?.(input.stackName, plan.problems);
    const { onFailure: action = 'ROLLBACK', retainExceptOnCreate = false } = input;
    const reserved = this.reserve(input);
    const { id } = reserved;
    const given = givenBy(input, input.parameters);
    ledger.put({ ...reserved, ...given, stack: plan.after.stack }, plan.after);
    ledger.stackStatus(id, 'CREATE_IN_PROGRESS', initiated(input.clientRequestToken));
    const late = timeLimit(input.timeoutInMinutes);
    return this.#start(reserved, input, plan, late?.signal, async (bench) => {
      await create(bench, plan, { action, retainExceptOnCreate });
      late?.end();
      this.#forgetIfGone(id);
    });
  }

  update(record: StackRecord, input: StackInput, plan: StackPlan): string {
    const { ledger, changeSets, onProblems } = this.#options;
    const { id } = record;
    onProblems?.(record.name, plan.problems);
    const former = ledger.find(id)?.state;
    const records = ledger.entries().flatMap(({ record: each }) => {
      const isOwn = each.id === id || each.rootId === id;
      return isOwn && each.status !== 'DELETE_COMPLETE' ? [each] : [];
    });
    const given = givenBy(input, plan.after.options.parameters, record);
    ledger.put({ ...record, ...given, stack: plan.after.stack }, former);
    ledger.stackStatus(id, 'UPDATE_IN_PROGRESS', initiated(input.clientRequestToken));
    return this.#start(record, input, plan, undefined, async (bench) => {
      const failed = await update(bench, plan, records);
      if (failed === undefined) {
        const { record: now } = ledger.find(id) ?? { record };
        ledger.put(now, plan.after);
      } else if (bench.keepsFailed) {
        this.#unfinished.set(id, failed.unfinished);
        const { reason } = failed;
        ledger.stackStatus(id, 'UPDATE_FAILED', { ...bench, reason });
      } else {
        const { reason } = failed;
        const { retainExceptOnCreate = false } = input;
        const options = { reason, retainExceptOnCreate, skipped: new Set<string>() };
        await this.#takeBack(bench, failed.unfinished, options);
      }
      changeSets.obsolete(id);
    });
  }

  remove(record: StackRecord, retain: readonly string[] | undefined, token?: string): string {
    const { ledger, changeSets } = this.#options;
    const { id } = record;
    const state = ledger.find(id)?.state;
    const given = token === undefined ? {} : { clientRequestToken: token };
    return this.#start(record, given, undefined, undefined, async (bench) => {
      const gone = await remove(bench, state, retain, this.#unfinished.get(id));
      this.#unfinished.delete(id);
      if (!gone) return;
      ledger.forgetStack(id);
      changeSets.forget(id);
    });
  }

  cancel({ id }: StackRecord): string {
    this.#running.get(id)?.stop.abort(new Error('User Initiated'));
    return id;
  }

  /** Rolls back what failed and was left as it is, or what could not be rolled back wholly. */
  rollBack(
    record: StackRecord,
    options: {
      readonly retainExceptOnCreate?: boolean;
      readonly skip?: readonly string[];
      readonly token?: string;
    },
  ): string {
    const { id, status } = record;
    const { retainExceptOnCreate = false, skip = [], token } = options;
    const given = token === undefined ? {} : { clientRequestToken: token };
    const { state } = this.#options.ledger.find(id) ?? {};
    const unfinished = this.#unfinished.get(id);
    const reason = 'User Initiated';
    if (status === 'CREATE_FAILED' && state !== undefined) {
      return this.#start(record, given, undefined, undefined, async (bench) => {
        const onFailure = { action: 'ROLLBACK', retainExceptOnCreate } as const;
        await rollBackCreation(bench, state.stack, onFailure, reason, (region) =>
          regionWithout(region, state),
        );
        this.#forgetIfGone(id);
      });
    }
    if (unfinished === undefined) {
      const said = `There is nothing to roll back of the stack ${id} any more.`;
      throw new StackError('ValidationError', said);
    }
    return this.#start(record, given, unfinished.plan, undefined, (bench) =>
      this.#takeBack(bench, unfinished, { reason, retainExceptOnCreate, skipped: new Set(skip) }),
    );
  }

  async #takeBack(
    bench: Bench,
    unfinished: Unfinished,
    options: Parameters<typeof rollBackUpdate>[2],
  ): Promise<void> {
    const isBack = await rollBackUpdate(bench, unfinished, options);
    if (isBack) this.#unfinished.delete(bench.stackId);
    else this.#unfinished.set(bench.stackId, unfinished);
  }

  #start(
    { id, name }: StackRecord,
    { onFailure, clientRequestToken }: Pick<StackInput, 'onFailure' | 'clientRequestToken'>,
    plan: StackPlan | undefined,
    limit: AbortSignal | undefined,
    work: (bench: Bench) => Promise<void>,
  ): string {
    const { ledger, applier } = this.#options;
    const stop = new AbortController();
    const bench: Bench = {
      ...{ ledger, applier, stackId: id, stackName: name, rootId: id, path: '' },
      releases: plan?.held.releases ?? new Map(),
      stop: limit === undefined ? stop.signal : AbortSignal.any([stop.signal, limit]),
      keepsFailed: onFailure === 'DO_NOTHING',
      ...(clientRequestToken === undefined ? {} : { token: clientRequestToken }),
    };
    const ended = work(bench);
    this.#running.set(id, { ended, stop });
    // Who waits by `settled` is told.
    ended.catch(() => {});
    return id;
  }

  /** Nothing is left of a creation that was taken back but its record. */
  #forgetIfGone(id: string): void {
    const status = this.#options.ledger.find(id)?.record.status;
    if (status !== 'ROLLBACK_COMPLETE' && status !== 'DELETE_COMPLETE') return;
    this.#options.ledger.forgetStack(id);
  }
}

/** What a record keeps of the input. */
function givenBy(
  input: StackInput,
  parameters: StackState['options']['parameters'],
  former?: StackRecord,
): Pick<StackRecord, 'templateBody' | 'parameters' | 'tags' | 'capabilities' | 'roleArn'> {
  const { templateBody, tags = former?.tags ?? {}, capabilities = [], roleArn } = input;
  const { timeoutInMinutes = former?.timeoutInMinutes, onFailure } = input;
  return {
    ...{ templateBody, parameters, tags, capabilities },
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(timeoutInMinutes === undefined ? {} : { timeoutInMinutes }),
    ...{ disableRollback: onFailure === 'DO_NOTHING' },
  };
}

const initiated = (token: string | undefined) => ({
  reason: 'User Initiated',
  ...(token === undefined ? {} : { token }),
});
