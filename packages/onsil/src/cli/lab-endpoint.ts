/** The AWS that a deploying command talks to: by the shell's credentials, or a lab's. */
import { type Environment, labEnvironment, shellEnvironment } from '../aws/environment.ts';
import { UsageError } from './errors.ts';
import { assertLabName } from './project.ts';

/**
 * @param lab `--lab NAME`, or `--lab` alone for the lab that is called as the stack
 * @param stackName of the configuration and its stage
 */
export async function environmentFor(
  region: string,
  lab: string | true | undefined,
  stackName: string,
): Promise<Environment> {
  if (lab === undefined) return shellEnvironment(region);
  const name = assertLabName(lab === true ? stackName : lab);
  const { ask, NoDaemonError } = await import('../lab/daemon/client.ts');
  try {
    return labEnvironment(name, region, await ask(name, 'GET /environment'));
  } catch (error) {
    if (!(error instanceof NoDaemonError)) throw error;
    throw new UsageError(
      `--lab ${name}: no lab of that name is up. Start it with npx onsil up, or name another one.`,
      { cause: error },
    );
  }
}
