import { IMAGES, imageIdOf } from './image.ts';
import type { Table } from './region.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html */
export interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
}

/**
 * The parameters that every region has without anybody creating them, by name: the AMI ids of
 * well-known images, and the version of the CDK bootstrap, which templates made by CDK ask for.
 */
export function publicParameters(regionName: string): Table<Parameter> {
  const values = Object.keys(IMAGES).map((path) => [path, imageIdOf(path, regionName)] as const);
  return Object.fromEntries(
    [...values, ['/cdk-bootstrap/hnb659fds/version', '30'] as const].map(([name, value]) => [
      name,
      { name, type: 'String', value },
    ]),
  );
}
