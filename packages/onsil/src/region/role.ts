/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** With wildcards, e.g. `s3:Get*`. */
  readonly actions: readonly string[];
  /** ARNs with wildcards. */
  readonly resources: readonly string[];
  /** Set where the statement has a part that is not modelled (Condition, NotAction …). */
  readonly notModelled?: readonly string[];
}

/** A statement of the policy that says who may take a role. */
export interface TrustStatement extends Omit<PolicyStatement, 'resources'> {
  readonly services: readonly string[];
  /** ARNs, account numbers, or `*`. */
  readonly principals: readonly string[];
  /** Where its only condition is that the caller knows one of these. */
  readonly externalIds?: readonly string[];
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** Service principals that may take the role, e.g. `ec2.amazonaws.com`. */
  readonly trusts: readonly string[];
  /** The whole of what says who may take it; absent: the services alone. */
  readonly trust?: readonly TrustStatement[];
  /** Of inline policies. */
  readonly statements: readonly PolicyStatement[];
  readonly managedPolicyArns: readonly string[];
}
