/** The AWS that a deploying command talks to: by the shell's credentials, or a lab's. */
import { type Environment, labEnvironment, shellEnvironment } from '../aws/environment.ts';
import { UsageError } from './errors.ts';
import { assertLabName } from './project.ts';

/**
 * @param command the one that asks, for messages
 * @param lab `--lab NAME`, or `--lab` alone for the lab that is called as the stack
 * @param stackName of the configuration and its stage
 */
export async function environmentFor(
  command: string,
  region: string,
  lab: string | true | undefined,
  stackName: string,
): Promise<Environment> {
  if (lab === undefined) return shellEnvironment(region);
  const name = assertLabName(lab === true ? stackName : lab);
  const { requireRoot } = await import('./root.ts');
  // Whoever may deploy into a lab may become anybody in it.
  requireRoot(`${command} --lab`);
  const { endpointOf, variablesOf } = await import('./commands/env.ts');
  const endpoint = await endpointOf(name);
  if (endpoint.region !== region) {
    throw new UsageError(
      `--lab ${name}: the lab is in ${endpoint.region}, the stack ${stackName} in ${region}. ` +
        'Name a lab of the same region.',
    );
  }
  return labEnvironment(name, region, variablesOf(endpoint));
}
