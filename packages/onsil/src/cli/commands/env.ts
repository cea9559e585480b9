import type { LabEndpoint } from '../../lab/daemon/routes.ts';
import { UsageError } from '../errors.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';

export const SHELLS = ['sh', 'csh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Prints what a shell must set for AWS's clients to talk to the lab. The keys are root's to see. */
export async function env(options: {
  readonly lab?: string;
  readonly shell?: Shell;
  readonly json?: boolean;
}): Promise<void> {
  if (options.json === true && options.shell !== undefined) {
    throw new UsageError('--json is for programs and --shell for shells: give one of them.');
  }
  requireRoot('env');
  const variables = variablesOf(await endpointOf(await resolveLab(options.lab)));
  if (options.json === true) {
    const set = Object.entries(variables).filter(([, value]) => value !== '');
    console.log(JSON.stringify(Object.fromEntries(set)));
  } else console.log(exportsOf(variables, options.shell ?? 'sh'));
}

/** Throws what to do where the lab is not up. */
export async function endpointOf(lab: string): Promise<LabEndpoint> {
  const { ask, NoDaemonError } = await import('../../lab/daemon/client.ts');
  try {
    return await ask<LabEndpoint>(lab, 'GET /endpoint');
  } catch (error) {
    if (!(error instanceof NoDaemonError)) throw error;
    throw new Error(`No lab ${lab} is up. Start it with: npx onsil up`, { cause: error });
  }
}

/**
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html. Whatever else a shell
 * has of AWS is not for the lab: a profile or a token of a real account would go before the keys,
 * or with them, and empty is as good as none.
 */
export function variablesOf(endpoint: LabEndpoint): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ACCESS_KEY_ID: endpoint.accessKeyId,
    AWS_SECRET_ACCESS_KEY: endpoint.secretAccessKey,
    ...{ AWS_SESSION_TOKEN: '', AWS_PROFILE: '' },
    AWS_DEFAULT_REGION: endpoint.region,
    AWS_REGION: endpoint.region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** One line for each, to be evaluated. */
export function exportsOf(variables: Readonly<Record<string, string>>, shell: Shell): string {
  const forms: Readonly<Record<Shell, (name: string, value: string) => string>> = {
    sh: (name, value) => `export ${name}=${value}`,
    csh: (name, value) => `setenv ${name} ${value};`,
    fish: (name, value) => `set -gx ${name} ${value};`,
  };
  const clear: Readonly<Record<Shell, (name: string) => string>> = {
    sh: (name) => `unset ${name}`,
    csh: (name) => `unsetenv ${name};`,
    fish: (name) => `set -e ${name};`,
  };
  return Object.entries(variables)
    .map(([name, value]) => (value === '' ? clear[shell](name) : forms[shell](name, `'${value}'`)))
    .join('\n');
}
