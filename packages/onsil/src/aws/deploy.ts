/** Creates, updates and deletes one stack through CloudFormation. */
import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { withAssembly } from './assembly.ts';
import { AwsError, messageOf } from './aws-error.ts';
import { type ResourceChange, resourceChanges } from './changes.ts';
import type { Environment } from './environment.ts';
import { type ResourceEvent, toolkitFor } from './toolkit.ts';

export interface StackToDeploy {
  readonly name: string;
  /** JSON. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface DeployListener {
  readonly onResource: (event: ResourceEvent) => void;
  readonly onMessage: (level: 'info' | 'warn' | 'error', message: string) => void;
}

export interface DeployOutcome {
  readonly outcome: 'deployed' | 'nothing to do' | 'refused';
  readonly outputs: Readonly<Record<string, string>>;
}

/** Requests carry templates up to this size; larger ones are read from a bucket. */
const INLINE_BYTES = 51_200;

/**
 * Of a template too large for a request, the CDK's bucket holds it on its way. YAML, in which the
 * toolkit sends templates, may be a little longer than JSON.
 */
export const needsBucket = (template: string): boolean =>
  Buffer.byteLength(JSON.stringify(JSON.parse(template))) > INLINE_BYTES * 0.7;

/** The name that the CDK gives to its stack with the bucket. */
export const BOOTSTRAP_STACK = 'CDKToolkit';

/** Makes, or brings up to date, the CDK's own stack in an account's region. */
export async function bootstrap(
  { region }: Environment,
  account: string,
  listener: DeployListener,
): Promise<void> {
  const [{ BootstrapEnvironments }, toolkit] = await Promise.all([
    import('@aws-cdk/toolkit-lib'),
    toolkitFor(listener),
  ]);
  const environments = BootstrapEnvironments.fromList([`aws://${account}/${region}`]);
  await toolkit.bootstrap(environments).catch((cause: unknown) => {
    throw new AwsError(
      `The stack ${BOOTSTRAP_STACK}, whose bucket holds templates on their way, could not be ` +
        `made in ${region}: ${messageOf(cause)}`,
      { cause },
    );
  });
}

/**
 * Makes a change set, asks, executes it, and returns when the stack is as it says. A failed one is
 * rolled back by CloudFormation, and thrown with the first reason.
 * @param confirm is told what changes before anything does; false leaves everything as it is
 */
export async function deployStack(
  environment: Environment,
  stack: StackToDeploy,
  listener: DeployListener,
  confirm: (changes: readonly ResourceChange[]) => Promise<boolean>,
): Promise<DeployOutcome> {
  const { StackParameters } = await import('@aws-cdk/toolkit-lib');
  const failures: string[] = [];
  let asked = false;
  let refused = false;
  const toolkit = await toolkitFor({
    onMessage: listener.onMessage,
    onResource: (event) => {
      if (isFirstFailure(event)) failures.push(`${event.logicalId}: ${event.reason}`);
      listener.onResource(event);
    },
    confirm: async (diffs: Readonly<Record<string, TemplateDiff>>) => {
      asked = true;
      const agreed = await confirm(Object.values(diffs).flatMap(resourceChanges));
      refused = !agreed;
      return agreed;
    },
  });
  try {
    return await withAssembly({ ...stack, region: environment.region }, async (folder) => {
      const source = await toolkit.fromAssemblyDirectory(folder);
      const { stacks } = await toolkit.deploy(source, {
        parameters: StackParameters.exactly({ ...stack.parameters }),
        deploymentMethod: { method: 'change-set' },
      });
      const outputs = stacks[0]?.outputs ?? {};
      return { outcome: asked ? 'deployed' : 'nothing to do', outputs };
    });
  } catch (cause) {
    if (refused) return { outcome: 'refused', outputs: {} };
    const [first] = failures;
    throw new AwsError(`The stack ${stack.name} was not deployed: ${first ?? messageOf(cause)}`, {
      cause,
    });
  }
}

/** Deletes the stack, and returns when it is gone. */
export async function destroyStack(
  environment: Environment,
  name: string,
  listener: DeployListener,
): Promise<void> {
  const failures: string[] = [];
  const toolkit = await toolkitFor({
    onMessage: listener.onMessage,
    onResource: (event) => {
      if (isFirstFailure(event)) failures.push(`${event.logicalId}: ${event.reason}`);
      listener.onResource(event);
    },
  });
  const template = JSON.stringify({ Resources: {} });
  try {
    await withAssembly({ name, template, region: environment.region }, async (folder) => {
      const source = await toolkit.fromAssemblyDirectory(folder);
      await toolkit.destroy(source);
    });
  } catch (cause) {
    const [first] = failures;
    throw new AwsError(`The stack ${name} was not deleted: ${first ?? messageOf(cause)}`, {
      cause,
    });
  }
}

/** What is cancelled because something else failed says nothing about why. */
const isFirstFailure = ({ status, reason }: ResourceEvent): boolean =>
  status.endsWith('_FAILED') && reason !== undefined && !/cancelled/i.test(reason);
