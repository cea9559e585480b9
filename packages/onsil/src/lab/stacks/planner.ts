/** Plans what is asked: from an input and the region as it is to what would be done. */
import type { CausesReplacement } from '../../cloudformation/change.ts';
import { planStack, type StackPlan, type StackState } from '../../cloudformation/change-set.ts';
import type { NestedTemplate } from '../../cloudformation/nested-stack.ts';
import { parseTemplate } from '../../cloudformation/parse.ts';
import { stackIdOf } from '../../cloudformation/pseudo-parameters.ts';
import type { StackOptions } from '../../cloudformation/stack-options.ts';
import { ProblemsError } from '../../region/problem.ts';
import type { Region } from '../../region/region.ts';
import { isWork } from './bench.ts';
import { checkCapabilities, checkResourceTypes } from './capabilities.ts';
import { exportsOf } from './exports.ts';
import type { Ledger } from './ledger.ts';
import { StackError, type StackInput, type StackRecord } from './stack-service.ts';

export interface PlannerOptions {
  readonly region: () => Region;
  readonly ledger: Ledger;
  /** Salt of wait conditions' addresses. */
  readonly secret: string;
  /** Of AWS's published specification; asked for updates only. */
  readonly causesReplacement: CausesReplacement;
  /** Whether the applier launches the instances of Auto Scaling groups. */
  readonly launchesLater?: boolean | undefined;
  /** What calls put into the parameter store, by name. */
  readonly parameterStore?: (() => NonNullable<StackOptions['parameterStore']>) | undefined;
}

export class Planner {
  readonly #options: PlannerOptions;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /**
   * What would be done for the input; nothing is changed. Throws ValidationError with all that is
   * wrong with the template; what only the services would refuse is in the plan.
   * @param record of an update: the stack that is there, in its `before`
   */
  plan(input: StackInput, before?: StackState, record?: StackRecord): StackPlan {
    const { nestedTemplates } = input;
    const lookUp = nestedTemplates && ((url: string) => nestedTemplates[url]);
    return this.#planned(input, lookUp, before, record);
  }

  /** See StackService.missingTemplates. */
  missingTemplates(
    input: StackInput,
    before?: StackState,
    record?: StackRecord,
  ): readonly string[] {
    if (!input.templateBody.includes('AWS::CloudFormation::Stack')) return [];
    const { nestedTemplates = {} } = input;
    const missing = new Set<string>();
    const lookUp = (url: string): NestedTemplate | null | undefined => {
      const found = nestedTemplates[url];
      if (found === undefined) missing.add(url);
      return found;
    };
    try {
      this.#planned(input, lookUp, before, record);
    } catch (error) {
      // It is told when the operation itself is asked for.
      if (!(error instanceof StackError)) throw error;
    }
    return [...missing];
  }

  /** The id that a stack of that name has, or gets. */
  stackId(name: string): string {
    const { ledger, region } = this.#options;
    const there = ledger.find(name);
    const incarnation = ledger.count(name) - (there === undefined ? 0 : 1);
    return there?.record.id ?? stackIdOf(region(), name, incarnation);
  }

  #planned(
    input: StackInput,
    nestedTemplate: StackOptions['nestedTemplate'],
    before: StackState | undefined,
    record: StackRecord | undefined,
  ): StackPlan {
    const {
      ledger,
      secret,
      causesReplacement,
      region,
      parameterStore,
      launchesLater = false,
    } = this.#options;
    const { templateBody, templateFile = 'TemplateBody', capabilities = [] } = input;
    const own = record?.id ?? this.stackId(input.stackName);
    const others = ledger
      .entries()
      .map(({ record: each }) => each)
      .filter(({ id, rootId }) => id !== own && rootId !== own);
    const options: StackOptions = {
      ...{ stackName: input.stackName, parameters: parametersOf(input, record), secret },
      ...{ stackId: own, keepRefused: input.checkAll !== true, launchesLater },
      ...(nestedTemplate === undefined ? {} : { nestedTemplate }),
      ...(parameterStore === undefined ? {} : { parameterStore: parameterStore() }),
      exports: Object.fromEntries(exportsOf(others).map(({ name, value }) => [name, value])),
    };
    try {
      const template = parseTemplate(templateBody, templateFile);
      checkResourceTypes(template, input.resourceTypes);
      checkCapabilities(template, capabilities);
      return planStack(region(), before, template, options, causesReplacement);
    } catch (cause) {
      if (!(cause instanceof ProblemsError)) throw cause;
      throw new StackError('ValidationError', cause.message, { cause });
    }
  }
}

/** Those that are given, and those that shall stay as the stack has them. */
export function parametersOf(
  { parameters, usePreviousValue = [] }: StackInput,
  record: StackRecord | undefined,
): Readonly<Record<string, string>> {
  const kept = usePreviousValue.flatMap((name) => {
    const value = record?.parameters[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...parameters };
}

/** Whether a plan does anything; tags of the stack count. */
export function isChange(plan: StackPlan, record: StackRecord, { tags }: StackInput): boolean {
  const isSame = tags === undefined || JSON.stringify(tags) === JSON.stringify(record.tags);
  const isRefused = plan.refusal !== undefined;
  return plan.changes.some(isWork) || plan.changesOutputs || !isSame || isRefused;
}
