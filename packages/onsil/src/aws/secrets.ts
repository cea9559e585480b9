/** SecureString parameters that instances read. Their values are in no template and in no output. */
import { randomBytes } from 'node:crypto';
import { codeOf } from './aws-error.ts';
import type { Environment } from './environment.ts';

/**
 * Makes those that are not there yet, each with 24 random bytes; the others are left as they are.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 * @returns the names of those that were made
 */
export async function ensureSecrets(
  { region }: Environment,
  names: readonly string[],
  service: string,
): Promise<readonly string[]> {
  const { SSMClient, PutParameterCommand } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({ region });
  try {
    const made: string[] = [];
    for (const Name of names) {
      try {
        await client.send(
          new PutParameterCommand({
            Name,
            Type: 'SecureString',
            Value: randomBytes(24).toString('base64url'),
            Description: `${service}: made by onsil deploy`,
            // Another deploy, or a person, may have made it in between: theirs stays.
            Overwrite: false,
          }),
        );
        made.push(Name);
      } catch (error) {
        if (codeOf(error) !== 'ParameterAlreadyExists') throw error;
      }
    }
    return made;
  } finally {
    client.destroy();
  }
}

/** @returns the names of those that were there */
export async function removeSecrets(
  { region }: Environment,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const { SSMClient, DeleteParametersCommand } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({ region });
  try {
    const { DeletedParameters = [] } = await client.send(
      new DeleteParametersCommand({ Names: [...names] }),
    );
    return DeletedParameters;
  } finally {
    client.destroy();
  }
}
