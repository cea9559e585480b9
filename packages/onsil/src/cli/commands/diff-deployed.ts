/** `onsil diff` without templates: the configuration against what is deployed. */
import { resourceChanges } from '../../aws/changes.ts';
import { diff as compare } from '../../reach/diff/diff.ts';
import { UsageError } from '../errors.ts';
import { environmentFor } from '../lab-endpoint.ts';
import { changeCounts, changeLines } from '../render/changes.ts';
import { style } from '../render/style.ts';
import { parameterValues, type StackOptions, stackOfProject, TEMPLATE_FILE } from '../stack-of.ts';
import { reachabilityJson, reachabilityLines } from './diff.ts';
import { modelOfRequest } from './model.ts';

export interface DiffDeployedOptions extends StackOptions {
  readonly lab?: string | true;
  /** Of two sides that are named: not for what is deployed. */
  readonly app?: string | true;
  readonly stack?: string;
  readonly region?: string;
  readonly json?: boolean;
  readonly failOnNewExposure?: boolean;
}

/** @returns 1 where something is newly exposed and that is to fail, else 0 */
export async function diffDeployed(options: DiffDeployedOptions): Promise<number> {
  refuseIdle(options);
  const stack = await stackOfProject(options);
  const { name, region } = stack.service;
  const environment = await environmentFor('diff', region, options.lab, name);
  const { deployedStack } = await import('../../aws/deployed.ts');
  const deployed = await deployedStack(environment, name);
  if (deployed === undefined) {
    throw new Error(
      `There is no stack ${name} in ${region} to compare with. npx onsil deploy makes it, ` +
        'npx onsil diff OLD-TEMPLATE compares two templates.',
    );
  }
  const { templateDiff } = await import('../../aws/template-diff.ts');
  const changes = resourceChanges(await templateDiff(deployed.template, stack.template));
  const request = { lab: name, region };
  const before = modelOfRequest({
    ...{ ...request, template: deployed.template, templateFile: 'the deployed template' },
    parameters: deployed.parameters,
  });
  const after = modelOfRequest({
    ...{ ...request, template: stack.template, templateFile: TEMPLATE_FILE },
    parameters: parameterValues(stack, deployed.parameters),
  });
  const found = compare(before.space, after.space);
  if (options.json === true) {
    console.log(JSON.stringify({ changes, reachability: reachabilityJson(found) }));
  } else {
    console.log(style(process.stdout, 'bold', `Resources of ${name}: ${changeCounts(changes)}`));
    for (const line of changeLines(process.stdout, changes)) console.log(line);
    console.log(`\n${style(process.stdout, 'bold', 'Reachability')}`);
    for (const line of reachabilityLines(found)) console.log(line);
  }
  return options.failOnNewExposure === true && found.exposed.length > 0 ? 1 : 0;
}

/** Throws UsageError for an option that would be left out in silence. */
function refuseIdle({ app, stack, region }: DiffDeployedOptions): void {
  for (const [name, value] of [
    ['--app', app],
    ['--stack', stack],
    ['--region', region],
  ] as const) {
    if (value === undefined) continue;
    const given = value === true ? name : `${name} ${value}`;
    throw new UsageError(
      `${given} is for the comparison with a template, and the configuration is compared with ` +
        `what is deployed: name the old template, as in onsil diff OLD ${given}`,
    );
  }
}
