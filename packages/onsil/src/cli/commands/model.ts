/** The region that a question is about: of a template or of the folder's configuration. */
import { prepare } from '../../lab/daemon/prepare.ts';
import { endpointOf, type NameSpace, namesIn } from '../../reach/endpoint.ts';
import { compile } from '../../reach/model.ts';
import type { Endpoint } from '../../reach/trace/trace.ts';
import { formatProblem } from '../../region/problem.ts';
import { UsageError } from '../errors.ts';
import { requestOf, type UpOptions } from '../request.ts';

export type ModelOptions = Pick<UpOptions, 'template' | 'param' | 'region' | 'json'>;

/** Stands for the key pair that `up` makes: no packet depends on it. */
const PLACEHOLDER_KEY = 'ssh-ed25519 AAAA made+by+onsil+up';

export interface Asked {
  readonly space: NameSpace;
  /** What the template has and the region has not, one per line. */
  readonly warnings: readonly string[];
}

/** Works without a lab and without root. Throws TemplateError with file, line and column. */
export async function modelOf(options: ModelOptions): Promise<Asked> {
  const { request } = await requestOf(options, 0);
  const { region, stack, problems, metadata } = prepare(request, PLACEHOLDER_KEY, 'question');
  const cidr = stack.parameters[metadata?.administrator.cidrParameter ?? ''];
  return {
    space: {
      model: compile(region),
      ...(typeof cidr === 'string' ? { administrator: cidr } : {}),
    },
    warnings: problems.map(formatProblem),
  };
}

/** Throws UsageError with the names that come nearest. */
export function requireEndpoint(space: NameSpace, text: string): Endpoint {
  const found = endpointOf(space, text);
  if (!('unknown' in found)) return found;
  const names = namesIn(space);
  const hint =
    found.nearest.length > 0
      ? `Did you mean ${found.nearest.join(' or ')}?`
      : `There are: ${names.join(', ')}; or write an address or a block.`;
  throw new UsageError(`There is nothing called ${JSON.stringify(text)}. ${hint}`);
}
