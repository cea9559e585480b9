import { hashOf } from '../region/hash.ts';
import type { Region } from '../region/region.ts';
import { partitionOf } from '../region/resources/resource-type.ts';
import { NO_VALUE, type Value } from './scope.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameters(
  { name, account }: Pick<Region, 'name' | 'account'>,
  stackName: string,
  stackId = stackIdOf({ name, account }, stackName),
): Readonly<Record<string, Value>> {
  const partition = partitionOf(name);
  return {
    'AWS::AccountId': account,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': name,
    'AWS::StackId': stackId,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
}

/** @param incarnation from 0: how many stacks of that name there were before; or what nests it */
export function stackIdOf(
  { name, account }: Pick<Region, 'name' | 'account'>,
  stackName: string,
  incarnation: number | string = 0,
): string {
  const which = incarnation === 0 ? [] : [String(incarnation)];
  const digits = hashOf('stack', account, name, stackName, ...which);
  const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  return `arn:${partitionOf(name)}:cloudformation:${name}:${account}:stack/${stackName}/${uuid}`;
}
