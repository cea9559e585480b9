import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges a finding of cdk-nag's AwsSolutions on one construct, with the reason.
 * `rule` is its short id, e.g. `EC28` or `IAM5[Resource::…]`.
 */
export function accept(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
