/** From the template's text to the region: the part of `up` that needs no root and no kernel. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { createStack, type Stack, type StackResult } from '../../cloudformation/stack.ts';
import type { Template } from '../../cloudformation/template.ts';
import { publicParameters } from '../../region/parameter.ts';
import { awsPrefixLists } from '../../region/prefix-list.ts';
import type { Problem } from '../../region/problem.ts';
import { emptyRegion, type Region } from '../../region/region.ts';
import { OUTSIDE_HOSTS } from '../addresses.ts';
import type { StackBefore, TemplateMetadata, UpRequest } from './request.ts';

export interface Prepared extends StackResult {
  /** Absent where the blueprint did not make the template. */
  readonly metadata: TemplateMetadata | undefined;
}

/**
 * The region that a lab makes real. Throws everything that is wrong with the template at once.
 * @param administratorKey in OpenSSH form, for a template whose metadata asks for one
 * @param secret the salt of wait-condition URLs
 */
export function prepare(
  request: Pick<
    UpRequest,
    'lab' | 'region' | 'template' | 'templateFile' | 'before' | 'parameters'
  >,
  administratorKey: string,
  secret: string,
): Prepared {
  const template = parseTemplate(request.template, request.templateFile);
  const metadata = metadataOf(template);
  const parameters = {
    ...(metadata === undefined
      ? {}
      : {
          [metadata.administrator.cidrParameter]: `${OUTSIDE_HOSTS.admin}/32`,
          [metadata.administrator.keyParameter]: administratorKey,
        }),
    ...request.parameters,
  };
  const region: Region = {
    ...emptyRegion(request.region),
    parameters: publicParameters(request.region),
    prefixLists: awsPrefixLists(request.region),
  };
  const { before = [], lab: stackName } = request;
  const start: Folded = { region, resources: {}, exports: {}, problems: [], declared: [] };
  const earlier = before.reduce<Folded>(
    (folded, stack) => withStack(folded, stack, parameters, secret),
    start,
  );
  // A parameter that only an earlier stack has is not wrong.
  const own = without(parameters, earlier.declared, template);
  const { exports } = earlier;
  const result = createStack(earlier.region, template, {
    ...{ stackName, parameters: own, secret, exports },
  });
  const resources = { ...earlier.resources, ...result.stack.resources };
  return {
    region: result.region,
    stack: { ...result.stack, resources },
    problems: [...earlier.problems, ...result.problems],
    metadata,
  };
}

interface Folded {
  readonly region: Region;
  readonly resources: Stack['resources'];
  readonly exports: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  /** Names of parameters. */
  readonly declared: readonly string[];
}

/** The region with one of the stacks that come first. */
function withStack(
  folded: Folded,
  { name, template: text, templateFile }: StackBefore,
  parameters: Readonly<Record<string, string>>,
  secret: string,
): Folded {
  const template = parseTemplate(text, templateFile);
  const declared = Object.keys(template.parameters);
  const own = Object.fromEntries(
    Object.entries(parameters).filter(([parameter]) => declared.includes(parameter)),
  );
  const { exports } = folded;
  const { region, stack, problems } = createStack(folded.region, template, {
    ...{ stackName: name, parameters: own, secret, exports },
  });
  const more = Object.values(stack.outputs).flatMap(({ exportName, value }) =>
    exportName === undefined ? [] : [[exportName, value] as const],
  );
  return {
    region,
    resources: { ...folded.resources, ...stack.resources },
    exports: { ...exports, ...Object.fromEntries(more) },
    problems: [...folded.problems, ...problems],
    declared: [...folded.declared, ...declared],
  };
}

function without(
  parameters: Readonly<Record<string, string>>,
  others: readonly string[],
  { parameters: own }: Template,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).filter(
      ([name]) => own[name] !== undefined || !others.includes(name),
    ),
  );
}

function metadataOf(template: Template): TemplateMetadata | undefined {
  const value = template.metadata['Onsil'];
  // Our own blueprint wrote it: its form is the type's.
  return value === undefined ? undefined : (value as unknown as TemplateMetadata);
}
