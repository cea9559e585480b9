/** `onsil deploy`: preflight, proof, price and difference first; then CloudFormation. */

import type { ResourceChange } from '../../aws/changes.ts';
import type { Deployed } from '../../aws/deployed.ts';
import type { Environment } from '../../aws/environment.ts';
import type { Check } from '../../aws/preflight.ts';
import { billOf } from '../../cost/bill.ts';
import { totalText } from '../../cost/text.ts';
import { USAGE } from '../../cost/usage.ts';
import { agree, typed } from '../confirm.ts';
import { factsFor } from '../deploy/facts.ts';
import { type Output, outputOf } from '../deploy/output.ts';
import { proofLines, reachabilityOf, requestOf } from '../deploy/proof.ts';
import { environmentFor } from '../lab-endpoint.ts';
import { currentPrices } from '../price-table.ts';
import { Publishing } from '../publish-releases.ts';
import { changeCounts, changeLines } from '../render/changes.ts';
import { preflightLines } from '../render/preflight.ts';
import { progressFor } from '../render/progress.ts';
import { type ProjectStack, type StackOptions, stackOfProject } from '../stack-of.ts';
import { stackListener } from '../stack-progress.ts';
import { judgedOf } from './check.ts';
import { modelOfRequest } from './model.ts';

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
  const bill = billOf(
    model.space.model.region,
    model.resources,
    { ...USAGE, ...model.usage },
    (await currentPrices()).table,
  );
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
