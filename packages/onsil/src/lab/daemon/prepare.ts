/** From the template's text to the region: the part of `up` that needs no root and no kernel. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { createStack, type StackResult } from '../../cloudformation/stack.ts';
import type { Template } from '../../cloudformation/template.ts';
import { baseRegion } from '../../region/base-region.ts';
import { OUTSIDE_HOSTS } from '../addresses.ts';
import type { TemplateMetadata, UpRequest } from './request.ts';

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
  request: Pick<UpRequest, 'lab' | 'region' | 'template' | 'templateFile' | 'parameters'>,
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
  const region = baseRegion(request.region, { publicKey: administratorKey });
  const result = createStack(region, template, { stackName: request.lab, parameters, secret });
  return { ...result, metadata };
}

function metadataOf(template: Template): TemplateMetadata | undefined {
  const value = template.metadata['Onsil'];
  // Our own blueprint wrote it: its form is the type's.
  return value === undefined ? undefined : (value as unknown as TemplateMetadata);
}
