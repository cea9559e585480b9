/** `onsil destroy`: deletes a stack, after its name was typed; names what AWS keeps of it. */
import { parseTemplate } from '../../cloudformation/parse.ts';
import { typed } from '../confirm.ts';
import { environmentFor } from '../lab-endpoint.ts';
import { progressFor } from '../render/progress.ts';
import { wrap } from '../render/wrap.ts';
import { stackOfProject } from '../stack-of.ts';
import { stackListener } from '../stack-progress.ts';

export interface DestroyOptions {
  readonly stage?: string;
  readonly lab?: string | true;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** @returns 0 where the stack is gone, 1 where it was not agreed to */
export async function destroy(options: DestroyOptions): Promise<number> {
  const startedAt = Date.now();
  const { service, metadata } = await stackOfProject({ ...options, param: [] });
  const environment = await environmentFor('destroy', service.region, options.lab, service.name);
  const [{ deployedStack }, { endingsOfAll }, { destroyStack }] = await Promise.all([
    import('../../aws/deployed.ts'),
    import('../../aws/changes.ts'),
    import('../../aws/deploy.ts'),
  ]);
  const { name, region } = service;
  const deployed = await deployedStack(environment, name);
  if (deployed === undefined) {
    say(options, `There is no stack ${name} in ${region}: nothing to delete.`);
    end(options, { outcome: 'nothing to do', stack: name });
    return 0;
  }
  const ends = endingsOfAll(parseTemplate(deployed.template, 'the deployed template')).filter(
    ({ logicalId }) => deployed.resources[logicalId] !== undefined,
  );
  const count = Object.keys(deployed.resources).length;
  say(options, `The stack ${name} in ${region} has ${count} resources. With it:`);
  for (const { logicalId, type, kept } of ends) {
    const { physicalId = '' } = deployed.resources[logicalId] ?? {};
    const fate = kept === 'deleted' ? 'is deleted, with what it holds' : `is ${kept}`;
    for (const line of wrap(`  ${logicalId} (${type}, ${physicalId}) ${fate}`, 80, '    ')) {
      say(options, line);
    }
  }
  for (const secret of metadata.secrets) {
    say(options, `  ${secret} (AWS::SSM::Parameter, none of the stack's) is kept`);
  }
  const agreed = await typed('Everything else is deleted.', name, { yes: options.yes === true });
  if (!agreed) {
    say(options, 'Nothing was deleted.');
    return 1;
  }
  const progress = progressFor(process.stdout, options.json === true);
  try {
    await destroyStack(environment, name, stackListener(progress, startedAt));
  } finally {
    progress.end();
  }
  const kept = ends.filter((each) => each.kept !== 'deleted');
  say(options, `\nThe stack ${name} is deleted.`);
  for (const { logicalId, type, kept: how } of kept) {
    const { physicalId = '' } = deployed.resources[logicalId] ?? {};
    say(options, `  ${how}: ${logicalId} (${type}, ${physicalId})`);
  }
  if (metadata.secrets.length > 0) {
    say(options, `  kept: ${metadata.secrets.join(', ')}; the next deploy uses it again`);
  }
  end(options, { outcome: 'deleted', stack: name, kept, secrets: metadata.secrets });
  return 0;
}

function say({ json }: DestroyOptions, text: string): void {
  if (json !== true) console.log(text);
}

function end({ json }: DestroyOptions, value: object): void {
  if (json === true) console.log(JSON.stringify(value));
}
