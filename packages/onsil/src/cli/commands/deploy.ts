/** `onsil deploy`: preflight, proof, price and difference first; then CloudFormation. */

import type { ResourceChange } from '../../aws/changes.ts';
import type { Deployed } from '../../aws/deployed.ts';
import type { Environment } from '../../aws/environment.ts';
import type { Asked as AskedOf, Check } from '../../aws/preflight.ts';
import { billOf } from '../../cost/bill.ts';
import { PRICES } from '../../cost/prices.ts';
import { totalText } from '../../cost/text.ts';
import { USAGE } from '../../cost/usage.ts';
import { diff as compare } from '../../reach/diff/diff.ts';
import { agree, typed } from '../confirm.ts';
import { environmentFor } from '../lab-endpoint.ts';
import { Publishing } from '../publish-releases.ts';
import { changeCounts, changeLines } from '../render/changes.ts';
import { preflightLines } from '../render/preflight.ts';
import { progressFor } from '../render/progress.ts';
import { style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';
import {
  type ProjectStack,
  parameterValues,
  type StackOptions,
  stackOfProject,
  TEMPLATE_FILE,
} from '../stack-of.ts';
import { stackListener } from '../stack-progress.ts';
import { breachLines, type Judged, judgedOf } from './check.ts';
import { reachabilityJson, reachabilityLines } from './diff.ts';
import { type Asked, modelOfRequest } from './model.ts';

export interface DeployOptions extends StackOptions {
  readonly lab?: string | true;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allowUnknown?: boolean;
  readonly json?: boolean;
}

/** @returns 0 deployed (or nothing to do), 1 where a check, a policy or an answer stopped it */
export async function deploy(options: DeployOptions): Promise<number> {
  const startedAt = Date.now();
  const out = outputOf(options);
  const stack = await stackOfProject(options);
  const { service } = stack;
  const environment =
    options.dryRun === true
      ? { region: service.region }
      : await environmentFor('deploy', service.region, options.lab, service.name);
  const facts = await factsFor(stack, environment, options);
  const { deployed, values, checks } = facts;

  out.say(
    `${service.name} → ${service.region}${environment.lab ? ` (lab ${environment.lab})` : ''}`,
  );
  out.section('Preflight', preflightLines(process.stdout, checks), { checks });
  const failed = checks.filter(({ state }) => state === 'failed');

  // What nobody gives yet stands for itself, so that everything else can be told.
  const model = modelOfRequest(requestOf(stack, values));
  for (const each of model.warnings) console.error(`warning  ${each}`);
  const judged = judgedOf(model.space, model.policies);
  out.section('Proof', proofLines(judged), {
    policies: judged.map(({ policy, verdict }) => ({ policy, verdict })),
  });
  const bill = billOf(model.space.model.region, model.resources, USAGE, PRICES);
  out.section('Price', [`  ${totalText(bill)} (npx onsil cost shows each line)`], {
    total: bill.total,
    unknown: bill.unknown,
  });
  if (deployed !== undefined) reachabilityOf(stack, deployed, model, out);

  const broken = judged.filter(
    ({ verdict }) =>
      verdict === 'broken' || (verdict === 'unknown' && options.allowUnknown !== true),
  );
  if (options.dryRun === true) {
    out.say('\nNothing was asked of AWS, and nothing was made (--dry-run).');
    return failed.length > 0 || broken.length > 0 ? 1 : 0;
  }
  if (failed.length > 0 || broken.length > 0) {
    const parts = [
      ...(failed.length > 0 ? [`preflight: ${failed.map(({ name }) => name).join(', ')}`] : []),
      ...(broken.length > 0 ? [`${broken.length} policies not kept`] : []),
    ];
    throw new Error(`Nothing was deployed (${parts.join('; ')}).`);
  }
  const work = { stack, environment, deployed, values, options, out, startedAt };
  return (await execute(work, checks)) ? 0 : 1;
}

interface Work {
  readonly stack: ProjectStack;
  readonly environment: Environment;
  readonly deployed: Deployed | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly options: DeployOptions;
  readonly out: Output;
  readonly startedAt: number;
}

async function execute(work: Work, checks: readonly Check[]): Promise<boolean> {
  const { stack, environment, deployed, values, options, out, startedAt } = work;
  const { service, metadata } = stack;
  const answers = { yes: options.yes === true };
  const [{ bootstrap, BOOTSTRAP_STACK, deployStack }, { ensureSecrets }] = await Promise.all([
    import('../../aws/deploy.ts'),
    import('../../aws/secrets.ts'),
  ]);
  const progress = progressFor(process.stdout, options.json === true);
  const publishing = new Publishing(environment, service, metadata, progress, startedAt);
  const listener = stackListener(progress, startedAt, (event) => publishing.onResource(event));
  try {
    if (checks.some(({ name, state }) => name === 'bucket' && state === 'later')) {
      const question = `Make the stack ${BOOTSTRAP_STACK} in ${service.region}?`;
      if (!(await agree(question, answers))) return refused(out);
      const { callerIdentity } = await import('../../aws/account.ts');
      await bootstrap(environment, (await callerIdentity(environment)).account, listener);
    }
    // Built before anything is made: what does not build shall not be waited for on AWS.
    await publishing.build();
    const { outcome, outputs } = await deployStack(
      environment,
      { name: service.name, template: stack.template, parameters: values },
      listener,
      async (changes) => {
        progress.end();
        if (!(await confirmed(changes, service.name, answers, out))) return false;
        const made = await ensureSecrets(environment, metadata.secrets, service.name);
        for (const name of made) out.say(`  made  the SecureString ${name}, at random`);
        if (deployed !== undefined) await publishing.publishTo(deployed);
        return true;
      },
    );
    if (outcome === 'nothing to do' && deployed !== undefined) await publishing.publishTo(deployed);
    await publishing.settled();
    progress.end();
    if (outcome === 'refused') return refused(out);
    out.end(outcome, outputs, (Date.now() - startedAt) / 1000);
    for (const line of publishing.notes(deployed !== undefined)) out.say(line);
    return true;
  } catch (error) {
    progress.end();
    // A host that finds no release fails the stack: why there was none says more.
    await publishing.settled();
    throw error;
  }
}

function refused(out: Output): false {
  out.say('Nothing was changed.');
  return false;
}

/** Shows what changes; what ends data is agreed to by the stack's name. */
async function confirmed(
  changes: readonly ResourceChange[],
  name: string,
  answers: { readonly yes: boolean },
  out: Output,
): Promise<boolean> {
  const { endings } = await import('../../aws/changes.ts');
  out.section(`Changes: ${changeCounts(changes)}`, changeLines(process.stdout, changes), {
    changes,
  });
  const ends = endings(changes);
  if (ends.length === 0) return agree(`Deploy ${name}?`, answers);
  const what = ends.map(
    ({ logicalId, type, kind, kept }) =>
      `  ${logicalId} (${type}): ${kind === 'remove' ? 'is removed' : kind === 'replace' ? 'is replaced' : 'may be replaced'}, what it holds is ${kept}`,
  );
  return typed(['This ends something that holds data:', ...what].join('\n'), name, answers);
}

interface Facts {
  readonly deployed: Deployed | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly checks: readonly Check[];
}

/** Asks AWS, all at once, for what the checks are about; with --dry-run nothing. */
async function factsFor(
  stack: ProjectStack,
  environment: Environment,
  options: DeployOptions,
): Promise<Facts> {
  const { service, metadata, template, parsed } = stack;
  const { preflight } = await import('../../aws/preflight.ts');
  const { needsBucket, BOOTSTRAP_STACK } = await import('../../aws/deploy.ts');
  const large = needsBucket(template);
  const given = await labAdministrator(stack, environment);
  const wanted = Object.values(parsed.resources).filter(({ type }) => type === ADDRESS).length;
  const common = { environment, domain: service.domain, large };
  if (options.dryRun === true) {
    const values = parameterValues(stack, {});
    const checks = preflight({
      ...common,
      ...{ identity: undefined, addresses: undefined, addressesWanted: wanted },
      ...{ delegation: undefined, zoneServers: [], bucket: undefined },
      ...administratorOf(stack, values),
    });
    return { deployed: undefined, values, checks };
  }
  const [{ callerIdentity, addressRoom }, { deployedStack }, { delegationOf }] = await Promise.all([
    import('../../aws/account.ts'),
    import('../../aws/deployed.ts'),
    import('../../aws/delegation.ts'),
  ]);
  const identity = await asked(callerIdentity(environment));
  // Without credentials every other question has the same answer.
  const known = 'value' in identity;
  const [addresses, before, toolkit] = known
    ? await Promise.all([
        asked(addressRoom(environment)),
        asked(deployedStack(environment, service.name)),
        large ? asked(deployedStack(environment, BOOTSTRAP_STACK)) : undefined,
      ])
    : [];
  if (before !== undefined && 'error' in before) throw before.error;
  const deployed = before?.value;
  const values = parameterValues({ ...stack, given }, deployed?.parameters ?? {});
  const there = Object.values(deployed?.resources ?? {}).filter(({ type }) => type === ADDRESS);
  const zoneServers = (deployed?.outputs['NameServers'] ?? '').split(' ').filter((each) => each);
  const checks = preflight({
    ...common,
    ...{ identity, addresses, addressesWanted: Math.max(wanted - there.length, 0) },
    // A lab's domain is known inside the lab only: there is nothing to delegate.
    delegation:
      environment.lab === undefined ? await delegationOf(service.domain, zoneServers) : undefined,
    zoneServers,
    bucket:
      toolkit === undefined || 'error' in toolkit
        ? toolkit
        : { value: toolkit.value !== undefined },
    ...administratorOf({ ...stack, metadata }, values),
  });
  return { deployed, values, checks };
}

const ADDRESS = 'AWS::EC2::EIP';

/** The administrator of a lab is the lab's own, where nobody says another one. */
async function labAdministrator(
  { given, parsed, metadata, service }: ProjectStack,
  { lab }: Environment,
): Promise<Readonly<Record<string, string>>> {
  if (lab === undefined) return given;
  const [{ ensureAdministrator }, { OUTSIDE_HOSTS }] = await Promise.all([
    import('../../lab/daemon/administrator.ts'),
    import('../../lab/addresses.ts'),
  ]);
  const { cidrParameter, keyParameter } = metadata.administrator;
  const byDefault = {
    [cidrParameter]: `${OUTSIDE_HOSTS.admin}/32`,
    [keyParameter]: (await ensureAdministrator(lab ?? service.name)).publicKey,
  };
  const missing = Object.entries(byDefault).filter(([name]) => parsed.parameters[name]);
  return { ...Object.fromEntries(missing), ...given };
}

function administratorOf(
  { metadata }: Pick<ProjectStack, 'metadata'>,
  values: Readonly<Record<string, string>>,
) {
  const { cidrParameter, keyParameter } = metadata.administrator;
  return { administrator: values[cidrParameter], publicKey: values[keyParameter] };
}

async function asked<T>(question: Promise<T>): Promise<Exclude<AskedOf<T>, undefined>> {
  try {
    return { value: await question };
  } catch (error) {
    return { error };
  }
}

const requestOf = (
  { service, template }: Pick<ProjectStack, 'service' | 'template'>,
  parameters: Readonly<Record<string, string>>,
) => ({
  ...{ lab: service.name, region: service.region },
  ...{ template, templateFile: TEMPLATE_FILE, parameters },
});

function proofLines(judged: readonly Judged[]): readonly string[] {
  const count = (kind: Judged['verdict']): number =>
    judged.filter(({ verdict }) => verdict === kind).length;
  const kept = count('kept') === judged.length;
  const mark = kept ? style(process.stdout, 'green', '✓') : style(process.stdout, 'red', '✗');
  const unknown = count('unknown') > 0 ? `, ${count('unknown')} cannot be told` : '';
  return [
    `  ${mark} ${judged.length} policies: ${count('kept')} kept, ${count('broken')} broken${unknown}`,
    ...breachLines(judged),
  ];
}

/** What the deploy changes of who reaches whom, against the template that is deployed. */
function reachabilityOf(
  { service }: ProjectStack,
  deployed: Deployed,
  after: Asked,
  out: Output,
): void {
  const before = modelOfRequest({
    ...{ lab: service.name, region: service.region, templateFile: 'the deployed template' },
    ...{ template: deployed.template, parameters: deployed.parameters },
  });
  const found = compare(before.space, after.space);
  out.section(
    'Reachability, against what is deployed',
    reachabilityLines(found).map((line) => (line === '' ? line : `  ${line}`)),
    { reachability: reachabilityJson(found) },
  );
}

interface Output {
  say(text: string): void;
  section(title: string, lines: readonly string[], json: object): void;
  end(outcome: string, outputs: Readonly<Record<string, string>>, seconds: number): void;
}

/** Text for people; for programs one line of JSON for each section. */
function outputOf({ json }: DeployOptions): Output {
  if (json === true) {
    return {
      say: () => {},
      section: (_title, _lines, value) => console.log(JSON.stringify(value)),
      end: (outcome, outputs, seconds) =>
        console.log(JSON.stringify({ outcome, outputs, seconds })),
    };
  }
  return {
    say: (text) => console.log(text),
    section: (title, lines) => {
      console.log(`\n${style(process.stdout, 'bold', title)}`);
      for (const line of lines) console.log(line);
    },
    end: (outcome, outputs, seconds) => {
      const width = Math.max(...Object.keys(outputs).map(({ length }) => length), 0);
      console.log(`\n${style(process.stdout, 'bold', outcome)} in ${seconds.toFixed(0)} s`);
      for (const [name, value] of Object.entries(outputs)) {
        for (const line of wrap(`  ${name.padEnd(width)}  ${value}`, 80, ' '.repeat(width + 4))) {
          console.log(line);
        }
      }
    },
  };
}
