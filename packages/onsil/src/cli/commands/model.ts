/** The region that a question is about: of a template, of an account or of the folder's configuration. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { declaredResources } from '../../cost/declared.ts';
import type { DeclaredResource } from '../../cost/item.ts';
import type { Usage } from '../../cost/usage.ts';
import { prepare } from '../../lab/daemon/prepare.ts';
import type { UpRequest } from '../../lab/daemon/request.ts';
import { endpointOf, type NameSpace, namesIn } from '../../reach/endpoint.ts';
import { compile } from '../../reach/model.ts';
import type { NotModelled } from '../../reach/not-modelled.ts';
import { notModelledOf } from '../../reach/not-modelled-of.ts';
import { policiesOfAnyVpc } from '../../reach/policy/any-vpc.ts';
import type { StatedPolicy } from '../../reach/policy/policy.ts';
import type { Endpoint } from '../../reach/trace/trace.ts';
import { withoutUnusedDefaultVpc } from '../../region/default-vpc.ts';
import { canonicalBlock } from '../../region/ipv4.ts';
import { formatProblem, type Problem } from '../../region/problem.ts';
import type { Region } from '../../region/region.ts';
import { UsageError } from '../errors.ts';
import { requestOf, type UpOptions } from '../request.ts';

export interface ModelOptions
  extends Pick<UpOptions, 'template' | 'param' | 'region' | 'stage' | 'app' | 'stack' | 'json'> {
  /** A folder of what `aws ec2 describe-…` printed. */
  readonly describe?: string;
  readonly account?: string;
  /** The block of the end `admin`, in place of the template's own. */
  readonly admin?: string;
}

/** Stands for the key pair that `up` makes: no packet depends on it. */
const PLACEHOLDER_KEY = 'ssh-ed25519 AAAA made+by+onsil+up';

export interface Asked {
  readonly space: NameSpace;
  /** Those of the template's metadata; of an account or a template without any, those of any VPC. */
  readonly policies: readonly StatedPolicy[];
  /** Of a template: what it declares. */
  readonly resources: readonly DeclaredResource[];
  /** What a bill is to suppose, where the configuration says it. */
  readonly usage: Partial<Usage>;
  /** What the template or the account has and the region has not, one per line. */
  readonly warnings: readonly string[];
}

/**
 * Works without a lab and without root. Throws ProblemsError with file, and line and column where
 * it is a template or no JSON.
 * @param lab the name of the stack; absent: as `up` would call it
 */
export async function modelOf(options: ModelOptions, lab?: string): Promise<Asked> {
  const state = await stateOf(options, lab);
  return askedOf(state, options.admin === undefined ? state.cidr : blockOf(options.admin));
}

/** The same of a template at hand. */
export function modelOfRequest(request: TemplateRequest): Asked {
  const state = stateOfRequest(request);
  return askedOf(state, state.cidr);
}

export type TemplateRequest = Pick<
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

function askedOf(state: State, administrator: string | undefined): Asked {
  const { region, notModelled, problems, policies, resources, usage } = state;
  return {
    space: {
      model: compile(region, 'ipv4', { notModelled }),
      ...(administrator === undefined ? {} : { administrator }),
    },
    policies: policies ?? policiesOfAnyVpc(region),
    ...{ resources, usage },
    warnings: problems.map(formatProblem),
  };
}

interface State {
  readonly region: Region;
  readonly notModelled: readonly NotModelled[];
  readonly problems: readonly Problem[];
  /** The administrator's block, where a template names it. */
  readonly cidr?: string;
  /** Where a template names them. */
  readonly policies?: readonly StatedPolicy[];
  readonly resources: readonly DeclaredResource[];
  readonly usage: Partial<Usage>;
}

async function stateOf(options: ModelOptions, lab?: string): Promise<State> {
  const { describe, template, account } = options;
  if (describe === undefined) {
    if (account !== undefined) {
      throw new UsageError(`--account ${account} is for --describe FOLDER.`);
    }
    const { request } = await requestOf(lab === undefined ? options : { ...options, lab }, 0);
    return stateOfRequest(request);
  }
  if (template !== undefined || options.app !== undefined || options.param.length > 0) {
    throw new UsageError(
      '--describe is about an account, --template, --app and --param about a template: give one of them.',
    );
  }
  const { described } = await import('../describe.ts');
  return { ...(await described(describe, options)), resources: [], usage: {} };
}

function stateOfRequest(request: TemplateRequest): State {
  const prepared = prepare(request, PLACEHOLDER_KEY, 'question');
  const { stack, problems, metadata } = prepared;
  const region = withoutUnusedDefaultVpc(prepared.region);
  const cidr = stack.parameters[metadata?.administrator.cidrParameter ?? ''];
  const templates = [...(request.before ?? []), request].map((each) =>
    parseTemplate(each.template, each.templateFile),
  );
  return {
    ...{ region, notModelled: notModelledOf(stack, region), problems },
    resources: templates.flatMap((template) => declaredResources(template, stack)),
    usage: metadata?.usage ?? {},
    ...(typeof cidr === 'string' ? { cidr } : {}),
    ...(metadata?.policy === undefined ? {} : { policies: metadata.policy }),
  };
}

function blockOf(text: string): string {
  const block = canonicalBlock(text.includes('/') ? text : `${text}/32`);
  if (block !== undefined) return block;
  throw new UsageError(
    `--admin ${JSON.stringify(text)} is no IPv4 address or block, as 203.0.113.7/32 is.`,
  );
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
