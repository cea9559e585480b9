import { servingIds } from './auto-scaling-group.ts';
import type { Region, Tags } from './region.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb';
  /** Absent for a function, as port and VPC are. */
  readonly protocol?: 'HTTP' | 'HTTPS' | 'TCP' | 'TLS' | 'UDP' | 'TCP_UDP' | 'GENEVE';
  readonly port?: number;
  readonly vpcId?: string;
  readonly healthCheck: HealthCheck;
  /** Those that were registered one by one; members of Auto Scaling groups are not among them. */
  readonly targets: readonly Target[];
  /** As they were given, e.g. `deregistration_delay.timeout_seconds`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

export interface Target {
  /** An instance, an address, a function's or a load balancer's ARN. */
  readonly id: string;
  /** In the place of the group's. */
  readonly port?: number;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export interface HealthCheck {
  readonly enabled: boolean;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  /** Absent: the port that the target gets requests on. */
  readonly port?: number;
  /** Of HTTP and HTTPS. */
  readonly path?: string;
  /** Codes that count as healthy: `200`, `200-299`, `200,302`. */
  readonly matcher?: string;
  /** Seconds. */
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** What is registered: one by one, and by the Auto Scaling groups that have the group. */
export function targetsOf(region: Region, group: TargetGroup): readonly Target[] {
  const members = Object.values(region.autoScalingGroups)
    .filter(({ targetGroupArns }) => targetGroupArns.includes(group.arn))
    .flatMap(servingIds)
    .map((id): Target => ({ id }));
  const all = [...group.targets, ...members].map((each) => [keyOf(group, each), each] as const);
  return [...new Map(all).values()];
}

/** Tells the targets of a group apart: one thing may be there by several ports. */
export function keyOf(group: TargetGroup, { id, port = group.port }: Target): string {
  return port === undefined ? id : `${id}:${port}`;
}
