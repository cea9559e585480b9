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

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** Service principals that may take the role, e.g. `ec2.amazonaws.com`. */
  readonly trusts: readonly string[];
  /** Of inline policies. */
  readonly statements: readonly PolicyStatement[];
  readonly managedPolicyArns: readonly string[];
}
