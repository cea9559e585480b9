/**
 * A cloud assembly of one template, as the CDK's toolkit takes it.
 * https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every toolkit reads this version: the fields below are in it. */
const SCHEMA_VERSION = '36.0.0';

/** Runs `work` with a folder that holds the assembly, and removes the folder. */
export async function withAssembly<T>(
  stack: { readonly name: string; readonly region: string; readonly template: string },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'onsil-assembly-'));
  try {
    const templateFile = `${stack.name}.template.json`;
    const manifest = {
      version: SCHEMA_VERSION,
      artifacts: {
        [stack.name]: {
          type: 'aws:cloudformation:stack',
          environment: `aws://unknown-account/${stack.region}`,
          properties: { templateFile, stackName: stack.name },
        },
      },
    };
    await writeFile(join(folder, templateFile), stack.template);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
