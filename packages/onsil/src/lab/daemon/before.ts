/** Stacks that a template needs and that come first: an app's other ones. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { createStack, type Stack } from '../../cloudformation/stack.ts';
import type { StackOptions } from '../../cloudformation/stack-options.ts';
import type { Template } from '../../cloudformation/template.ts';
import type { Problem } from '../../region/problem.ts';
import type { Region } from '../../region/region.ts';
import type { StackInput } from '../stacks/stack-service.ts';
import type { UpRequest } from './request.ts';

type Given = Pick<UpRequest, 'before' | 'parameters' | 'nestedTemplates'>;

/** What the engine is asked for, one after the other; each with those parameters that it has. */
export function inputsBefore({
  before = [],
  parameters,
  nestedTemplates,
}: Given): readonly StackInput[] {
  return before.map(({ name, template, templateFile }) => {
    const declared = parseTemplate(template, templateFile).parameters;
    return {
      ...{ stackName: name, templateBody: template, templateFile },
      parameters: only(parameters, (key) => declared[key] !== undefined),
      ...(nestedTemplates === undefined ? {} : { nestedTemplates }),
    };
  });
}

/** Without those that only an earlier stack has: there they are right. */
export function ownParameters(
  request: Given,
  { parameters: own }: Template,
): Readonly<Record<string, string>> {
  const others = new Set(
    (request.before ?? []).flatMap(({ template, templateFile }) =>
      Object.keys(parseTemplate(template, templateFile).parameters),
    ),
  );
  return only(request.parameters, (key) => own[key] !== undefined || !others.has(key));
}

export interface Folded {
  readonly region: Region;
  readonly resources: Stack['resources'];
  readonly exports: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/** The region with the stacks that come first, and what they export. */
export function foldedBefore(
  base: Region,
  before: readonly StackInput[],
  secret: string,
  nestedTemplate: StackOptions['nestedTemplate'],
): Folded {
  return before.reduce<Folded>(
    ({ region: former, resources, exports, problems }, input) => {
      const { stackName, parameters, templateBody, templateFile = stackName } = input;
      const template = parseTemplate(templateBody, templateFile);
      const made = createStack(former, template, {
        ...{ stackName, parameters, secret, exports },
        ...(nestedTemplate === undefined ? {} : { nestedTemplate }),
      });
      const more = Object.values(made.stack.outputs).flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [[exportName, value] as const],
      );
      return {
        region: made.region,
        resources: Object.assign({}, resources, made.stack.resources),
        exports: Object.assign({}, exports, Object.fromEntries(more)),
        problems: problems.concat(made.problems),
      };
    },
    { region: base, resources: {}, exports: {}, problems: [] },
  );
}

const only = (
  parameters: Readonly<Record<string, string>>,
  wanted: (key: string) => boolean,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(parameters).filter(([key]) => wanted(key)));
