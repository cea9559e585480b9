import type { PolicyStatement } from './role.ts';

/** A customer managed policy; its statements are also in each role that it is attached to. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
}
