export interface InstanceProfile {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly roleName: string;
}
