import { findProgram } from '../../lab/host/programs.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';
import { endpointOf, variablesOf } from './env.ts';
import { runAttached } from './exec.ts';

/** Runs the host's AWS CLI, whatever its age, against the lab. @returns its exit code */
export async function aws(
  words: readonly string[],
  options: { readonly lab?: string },
): Promise<number> {
  requireRoot('aws');
  const args = words[0] === '--' ? words.slice(1) : words;
  const program = findProgram('aws');
  if (program === undefined) {
    throw new Error('There is no program aws. Install it: apt-get install awscli');
  }
  const endpoint = await endpointOf(await resolveLab(options.lab));
  const variables = variablesOf(endpoint);
  const env: NodeJS.ProcessEnv = { ...process.env, ...variables };
  for (const [name, value] of Object.entries(variables)) if (value === '') delete env[name];
  // Versions before 2.13 do not know the variable; all know the option.
  return runAttached([program, '--endpoint-url', endpoint.url, ...args], env);
}
