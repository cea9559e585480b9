/** What one operation of a service is, behind its protocol. */
import type { Instance } from '../../../region/instance.ts';
import type { Region } from '../../../region/region.ts';
import type { Secret } from '../../../region/secret.ts';
import type { AutoScalingGroups } from '../../auto-scaling/groups.ts';
import type { TargetHealth } from '../../managed/load-balancer/health.ts';
import type { StackService } from '../../stacks/stack-service.ts';
import type { Credential, Principal } from '../credentials.ts';
import type { S3Context } from '../s3/call.ts';
import type { SsmContext } from '../ssm.ts';
import type { OnSignal } from '../wait-condition.ts';
import type { SecretStore } from './secretsmanager/secret-store.ts';
import type { Structure } from './value.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export type InstanceState =
  | ('pending' | 'running' | 'stopping' | 'stopped')
  | ('shutting-down' | 'terminated');

/** What calls change in a running lab; the daemon provides it. */
export interface LabControl {
  /**
   * Makes the lab's region what the step gives of it as it is then: network, names and services
   * follow before it resolves. Steps run one after the other. What a step throws changes nothing.
   */
  change(step: (region: Region) => Region): Promise<void>;
  state(instanceId: string): InstanceState;
  /** Returns at once where the machine is on its way; throws where that cannot be. */
  power(instanceId: string, action: 'start' | 'stop' | 'reboot' | 'terminate'): Promise<void>;
  readonly scaling: ScalingControl;
  readonly databases: DatabaseControl;
  /** Instances that were terminated in the last hour. */
  terminated(): readonly Instance[];
  /** Of the targets of a target group, by its ARN. */
  targetHealth(targetGroupArn: string): readonly TargetHealth[];
  /** When the lab came up; milliseconds. */
  readonly startedAt: number;
}

/** The lab's Auto Scaling groups: what the region does not hold of them. */
export type ScalingControl = Pick<
  AutoScalingGroups,
  'activities' | 'exclusive' | 'inService' | 'launch' | 'terminate' | 'terminateOne'
>;
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
export type DatabaseStatus =
  | ('available' | 'creating' | 'failed' | 'rebooting')
  | ('starting' | 'stopped' | 'stopping');

/** The servers of DB instances, by the instances' ids. */
export interface DatabaseControl {
  status(instanceId: string): DatabaseStatus;
  /** Returns at once where the server is on its way; throws where that cannot be. */
  power(instanceId: string, action: 'start' | 'stop' | 'reboot'): void;
}

export interface AwsContext extends S3Context, SsmContext {
  readonly control: LabControl;
  readonly stacks: StackService;
  readonly secrets: SecretStore;
  /** Told of signals to handles of wait conditions (by their id) and to resources. */
  readonly onSignal: OnSignal;
  /** The value that a stack's secret has until somebody puts another; nothing for an empty one. */
  readonly secretValue: (secret: Secret) => string | undefined;
}

export interface Call {
  readonly context: AwsContext;
  /** As it is when the request came. */
  readonly region: Region;
  readonly principal: Principal;
  readonly credential: Credential;
  readonly requestId: string;
  /** Throws the service's access error unless the caller may do that too. */
  demand(action: string, resource: string): void;
}

/** Whether an instance calls: what it puts is part of its set-up, and goes with it. */
export function isOfInstance({ principal }: Pick<Call, 'principal'>): boolean {
  return (
    principal.kind === 'instance' ||
    (principal.kind === 'role' && principal.instanceId.startsWith('i-'))
  );
}

export type Handler = (input: Structure, call: Call) => Structure | Promise<Structure>;

export interface Operation {
  readonly handle: Handler;
  /** The ARNs that the caller must be allowed to act on; `*` where there are none. */
  readonly resources?: (
    input: Structure,
    call: Pick<Call, 'region' | 'context'>,
  ) => readonly string[];
  /** Needs no permission. */
  readonly open?: true;
  /** Checked as this action of IAM, where it has another name than the operation. */
  readonly action?: string;
}

export type Operations = Readonly<Record<string, Operation>>;

export interface ServiceDefinition {
  /** The service in actions of IAM. */
  readonly prefix: string;
  readonly operations: Operations;
}
