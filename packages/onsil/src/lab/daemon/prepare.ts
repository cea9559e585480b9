/** From the template's text to the region: the part of `up` that needs no root and no kernel. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { createStack, type StackResult } from '../../cloudformation/stack.ts';
import type { StackOptions } from '../../cloudformation/stack-options.ts';
import { baseRegion } from '../../region/base-region.ts';
import type { JsonMap } from '../../region/json.ts';
import { OUTSIDE_HOSTS } from '../addresses.ts';
import type { StackInput } from '../stacks/stack-service.ts';
import { foldedBefore, inputsBefore, ownParameters } from './before.ts';
import { bootstraps } from './bootstrap.ts';
import type { TemplateMetadata, UpRequest } from './request.ts';

export interface Prepared extends Pick<StackResult, 'region' | 'stack' | 'problems'> {
  /** Absent where the blueprint did not make the template. */
  readonly metadata: TemplateMetadata | undefined;
}

type StackRequest = Pick<
  UpRequest,
  | 'lab'
  | 'region'
  | 'template'
  | 'templateFile'
  | 'staging'
  | 'before'
  | 'parameters'
  | 'nestedTemplates'
>;

/** Whoever runs `up` runs it at home. */
const COMMON = {
  capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
  checkAll: true,
};

/**
 * The stack of a lab, as its engine is asked for it. Throws where the template cannot be read.
 * @param administratorKey in OpenSSH form, for a template whose metadata asks for one
 */
export function stackInput(
  request: StackRequest,
  administratorKey: string,
): StackInput & {
  readonly metadata: TemplateMetadata | undefined;
  /** Those with the CDK's buckets, and those that come after them; both in their order. */
  readonly bootstraps: readonly StackInput[];
  readonly before: readonly StackInput[];
} {
  const template = parseTemplate(request.template, request.templateFile);
  const metadata = metadataOf(template.metadata);
  return {
    stackName: request.lab,
    templateBody: request.template,
    templateFile: request.templateFile,
    parameters: {
      ...(metadata === undefined
        ? {}
        : {
            [metadata.administrator.cidrParameter]: `${OUTSIDE_HOSTS.admin}/32`,
            [metadata.administrator.keyParameter]: administratorKey,
          }),
      ...ownParameters(request, template),
    },
    ...COMMON,
    ...(request.nestedTemplates === undefined ? {} : { nestedTemplates: request.nestedTemplates }),
    bootstraps: bootstraps(request).map((each) => ({ ...each, ...COMMON })),
    before: inputsBefore(request).map((each) => ({ ...each, ...COMMON })),
    metadata,
  };
}

/**
 * The region that a lab makes real. Throws everything that is wrong with the template at once.
 * @param secret the salt of wait-condition URLs
 * @param nestedTemplate in the place of those that the request has
 */
export function prepare(
  request: StackRequest,
  administratorKey: string,
  secret: string,
  nestedTemplate = lookUpIn(request),
): Prepared {
  const template = parseTemplate(request.template, request.templateFile);
  const input = stackInput(request, administratorKey);
  const { stackName, parameters, metadata } = input;
  const base = baseRegion(request.region, { publicKey: administratorKey });
  const earlier = foldedBefore(
    base,
    [...input.bootstraps, ...input.before],
    secret,
    nestedTemplate,
  );
  const { region, stack, problems } = createStack(earlier.region, template, {
    ...{ stackName, parameters, secret, exports: earlier.exports },
    ...(nestedTemplate === undefined ? {} : { nestedTemplate }),
  });
  return {
    region,
    stack: { ...stack, resources: { ...earlier.resources, ...stack.resources } },
    problems: [...earlier.problems, ...problems],
    metadata,
  };
}

function lookUpIn({ nestedTemplates }: StackRequest): StackOptions['nestedTemplate'] {
  return nestedTemplates && ((url) => nestedTemplates[url]);
}

/** What a template of ours says of itself, or its stack of it. */
export function metadataOf(metadata: JsonMap): TemplateMetadata | undefined {
  const value = metadata['Onsil'];
  // Our own blueprint wrote it: its form is the type's.
  return value === undefined ? undefined : (value as unknown as TemplateMetadata);
}
