/** A stack as it is deployed: its template, its parameters, its outputs. */
import { codeOf } from './aws-error.ts';
import type { Environment } from './environment.ts';

export interface Deployed {
  readonly stackName: string;
  readonly id: string;
  readonly status: string;
  /** As it was given, JSON or YAML. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** What is there, by logical id. */
  readonly resources: Readonly<Record<string, DeployedResource>>;
}

export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
}

/** Undefined where there is no such stack, or only a change set that nobody executed. */
export async function deployedStack(
  { region }: Environment,
  stackName: string,
): Promise<Deployed | undefined> {
  const cloudFormation = await import('@aws-sdk/client-cloudformation');
  const client = new cloudFormation.CloudFormationClient({ region });
  try {
    const { Stacks = [] } = await client.send(
      new cloudFormation.DescribeStacksCommand({ StackName: stackName }),
    );
    const [stack] = Stacks;
    if (stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') return undefined;
    const { TemplateBody: template = '' } = await client.send(
      new cloudFormation.GetTemplateCommand({ StackName: stackName }),
    );
    const resources: Record<string, DeployedResource> = {};
    const pages = cloudFormation.paginateListStackResources({ client }, { StackName: stackName });
    for await (const { StackResourceSummaries = [] } of pages) {
      for (const each of StackResourceSummaries) {
        resources[each.LogicalResourceId ?? ''] = {
          type: each.ResourceType ?? '',
          physicalId: each.PhysicalResourceId ?? '',
          status: each.ResourceStatus ?? '',
        };
      }
    }
    return {
      stackName,
      id: stack.StackId ?? stackName,
      status: stack.StackStatus ?? '',
      template,
      parameters: record(stack.Parameters, 'ParameterKey', 'ParameterValue'),
      outputs: record(stack.Outputs, 'OutputKey', 'OutputValue'),
      resources,
    };
  } catch (error) {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    const absent = codeOf(error) === 'ValidationError' && /does not exist/.test(String(error));
    if (absent) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

function record<T extends object>(
  list: readonly T[] | undefined,
  key: keyof T,
  value: keyof T,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (list ?? []).map((each) => [String(each[key]), String(each[value] ?? '')]),
  );
}
