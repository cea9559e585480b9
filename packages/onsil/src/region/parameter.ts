import { IMAGES, imageIdOf } from './image.ts';
import type { Table } from './region.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html */
export interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  /** From 1; absent where versions are not counted. */
  readonly version?: number;
  /** There before anybody made it, until somebody does. */
  readonly standIn?: true;
}

/** Of the CDK's bootstrap: new enough for every app. */
export const BOOTSTRAP_VERSION = '30';

/**
 * The parameters that every region has without anybody creating them, by name: the AMI ids of
 * well-known images, and the version of the CDK bootstrap, which templates made by CDK ask for.
 */
export function publicParameters(regionName: string): Table<Parameter> {
  const images = Object.keys(IMAGES).map((path) => ({
    ...{ name: path, type: 'String' as const, value: imageIdOf(path, regionName) },
  }));
  const bootstrap = {
    ...{
      name: '/cdk-bootstrap/hnb659fds/version',
      type: 'String' as const,
      value: BOOTSTRAP_VERSION,
    },
    standIn: true as const,
  };
  return Object.fromEntries([...images, bootstrap].map((each) => [each.name, each]));
}
