/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html */
import type { Template } from '../../cloudformation/template.ts';
import { StackError } from './stack-service.ts';

/** The property that names a resource of the type, where there is one. */
const IAM_TYPES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::AccessKey', ''],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', ''],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', ''],
]);

/**
 * Throws where the template has a type that ResourceTypes does not allow.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
export function checkResourceTypes(
  { resources }: Template,
  allowed: readonly string[] | undefined,
): void {
  if (allowed === undefined || allowed.length === 0) return;
  const isAllowed = (type: string): boolean =>
    allowed.some((each) =>
      each.endsWith('*') ? type.startsWith(each.slice(0, -1)) : each === type,
    );
  const other = Object.values(resources).find(({ type }) => !isAllowed(type));
  if (other === undefined) return;
  const said = `Resource type ${other.type} is not allowed by parameter ResourceTypes [${allowed.join(', ')}]`;
  throw new StackError('ValidationError', said);
}

/** Throws where the template needs more than was acknowledged. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const resources = Object.values(template.resources).filter(({ type }) => IAM_TYPES.has(type));
  const isNamed = resources.some(
    ({ type, properties }) => properties[IAM_TYPES.get(type) ?? ''] !== undefined,
  );
  const missing: string[] = [];
  if (isNamed && !given.includes('CAPABILITY_NAMED_IAM')) missing.push('CAPABILITY_NAMED_IAM');
  else if (
    resources.length > 0 &&
    !given.includes('CAPABILITY_IAM') &&
    !given.includes('CAPABILITY_NAMED_IAM')
  ) {
    missing.push('CAPABILITY_IAM');
  }
  if (template.transforms.length > 0 && !given.includes('CAPABILITY_AUTO_EXPAND')) {
    missing.push('CAPABILITY_AUTO_EXPAND');
  }
  if (missing.length === 0) return;
  const said = `Requires capabilities : [${missing.join(', ')}]`;
  throw new StackError('InsufficientCapabilitiesException', said);
}
