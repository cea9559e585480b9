/** What HAProxy knows of its servers, in the words of AWS. */
import type { Region } from '../../../region/region.ts';
import { type Target, type TargetGroup, targetsOf } from '../../../region/target-group.ts';
import { balancersUsing } from './balancer-of.ts';
import { isEnabled, placesOf } from './server.ts';

/** One line of `show stat`: a server as one node's checks see it. */
export interface ServerCheck {
  /** The check's name: of a target group, or `health` of a classic load balancer. */
  readonly check: string;
  readonly zone: string;
  readonly server: string;
  readonly isUp: boolean;
  /** https://docs.haproxy.org/2.6/management.html#9.1, field 36, e.g. `L7STS`. */
  readonly status: string;
  /** HTTP's, where the check had an answer. */
  readonly code: string;
}

/** Of the answer to `show stat`: the servers of the backends that check. */
export function parseChecks(csv: string): readonly ServerCheck[] {
  const [head = '', ...lines] = csv.trim().split('\n');
  const names = head.replace(/^# /, '').split(',');
  const at = (name: string): number => names.indexOf(name);
  return lines.flatMap((line) => {
    // No field before `check_desc` has a comma in it.
    const fields = line.split(',');
    const field = (name: string): string => fields[at(name)] ?? '';
    const [, check, zone] = /^check\.(.+)\.([^.]+)$/.exec(field('pxname')) ?? [];
    const server = field('svname');
    if (check === undefined || zone === undefined || /^(BACK|FRONT)END$/.test(server)) return [];
    return [
      {
        ...{ check, zone, server, isUp: field('status').startsWith('UP') },
        // A star: the check is being made.
        ...{ status: field('check_status').replace(/^\* /, ''), code: field('check_code') },
      },
    ];
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export interface TargetHealth {
  readonly target: Target;
  /** The port that is checked. */
  readonly checkPort?: number;
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining' | 'unavailable';
  /** Absent where it is healthy. */
  readonly reason?: string;
  readonly description?: string;
}

type Health = Omit<TargetHealth, 'target' | 'checkPort'>;

const REGISTERING: Health = {
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
};

const INITIAL: Health = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
};

const unused = (reason: string, description: string): Health => ({
  ...{ state: 'unused', reason: `Target.${reason}`, description },
});

const unhealthy = (reason: string, description: string): Health => ({
  ...{ state: 'unhealthy', reason: `Target.${reason}`, description },
});

/** Of one check; https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-reason-codes */
export function healthOfCheck({ isUp, status, code }: ServerCheck): Health {
  if (status === 'INI' || status === '') return INITIAL;
  if (isUp) return { state: 'healthy' };
  if (status.endsWith('TOUT')) return unhealthy('Timeout', 'Request timed out');
  if (status === 'L7STS') {
    return unhealthy('ResponseCodeMismatch', `Health checks failed with these codes: [${code}]`);
  }
  return unhealthy('FailedHealthChecks', 'Health checks failed');
}

export interface HealthSources {
  /** What the machine of a load balancer says; nothing while it does not run. */
  readonly checks: (balancerId: string) => readonly ServerCheck[] | undefined;
  readonly isRunning: (instanceId: string) => boolean;
}

/** Every target that is registered; where nodes disagree, what is wrong at one of them. */
export function targetHealthOf(
  region: Region,
  group: TargetGroup,
  sources: HealthSources,
): readonly TargetHealth[] {
  const balancers = balancersUsing(region, group);
  return targetsOf(region, group).map((target) => {
    const places = placesOf(region, group, target);
    const port = group.healthCheck.port ?? target.port ?? group.port;
    const checkPort = port === undefined ? {} : { checkPort: port };
    const health = (): Health => {
      if (group.targetType === 'instance' && !sources.isRunning(target.id)) {
        return unused('InvalidState', 'Target is in the stopped state');
      }
      if (balancers.length === 0) {
        const description =
          'Target group is not configured to receive traffic from the load balancer';
        return unused('NotInUse', description);
      }
      const enabled = balancers.filter((each) =>
        places.some(({ zone }) => zone === undefined || isEnabled(each.own, zone)),
      );
      if (enabled.length === 0) {
        const description =
          'Target is in an Availability Zone that is not enabled for the load balancer';
        return unused('NotInUse', description);
      }
      if (!group.healthCheck.enabled) {
        return {
          state: 'unavailable',
          reason: 'Target.HealthCheckDisabled',
          description: 'Health checks are not enabled for this target',
        };
      }
      const names = new Set(places.map(({ name }) => name));
      const found = enabled.map(({ id }) =>
        sources
          .checks(id)
          ?.filter(({ check, server }) => check === group.name && names.has(server)),
      );
      return worst(found.flatMap((checks) => (checks ?? []).map(healthOfCheck)));
    };
    return { target, ...checkPort, ...health() };
  });
}

/** Nothing known: the load balancer has not been told of the target yet. */
export function worst(all: readonly Health[]): Health {
  const order = ['unhealthy', 'initial', 'healthy'];
  const [first = REGISTERING] = all.toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state),
  );
  return first;
}
