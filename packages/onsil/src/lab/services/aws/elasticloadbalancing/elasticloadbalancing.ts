/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html */
import type {
  Listener,
  ListenerAction,
  ListenerRule,
  RuleCondition,
} from '../../../../region/listener.ts';
import type { LoadBalancer } from '../../../../region/load-balancer.ts';
import type { Region, Tags } from '../../../../region/region.ts';
import type { TargetGroup } from '../../../../region/target-group.ts';
import { balancersUsing } from '../../../managed/load-balancer/balancer-of.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, text, textOf, texts } from '../value.ts';
import { targetOperations } from './target.ts';

const MOST = 400;

const noSuch = (code: string, message: string): AwsError => new AwsError(400, code, message);

function there<T>(table: Readonly<Record<string, T>>, arn: string, code: string, noun: string): T {
  const found = Object.hasOwn(table, arn) ? table[arn] : undefined;
  if (found === undefined) throw noSuch(code, `${noun} '${arn}' not found`);
  return found;
}

/** Things that ARNs or names ask for, each of which must be there. */
function asked<T>(
  all: readonly T[],
  wanted: readonly string[],
  of: (thing: T) => string,
  code: string,
  noun: string,
): readonly T[] {
  if (wanted.length === 0) return all;
  const known = new Map(all.map((each) => [of(each), each]));
  return wanted.map((each) => {
    const found = known.get(each);
    if (found === undefined) throw noSuch(code, `${noun} '[${each}]' not found`);
    return found;
  });
}

function lists<T>(
  member: string,
  select: (region: Region, input: Structure) => readonly T[],
  print: (thing: T, call: Call) => Structure,
): Operation {
  return {
    handle: (input, call) => {
      const size = Math.min(number(input, 'PageSize') ?? MOST, MOST);
      const page = pageOf(select(call.region, input), {
        size,
        token: text(input, 'Marker'),
        code: 'ValidationError',
      });
      return { [member]: page.items.map((each) => print(each, call)), NextMarker: page.next };
    },
  };
}

const attributes = (own: Readonly<Record<string, string>>): readonly Structure[] =>
  Object.entries(own).map(([Key, Value]) => ({ Key, Value }));

export const elasticloadbalancing: ServiceDefinition = {
  prefix: 'elasticloadbalancing',
  operations: {
    DescribeLoadBalancers: lists<LoadBalancer>(
      'LoadBalancers',
      ({ loadBalancers }, input) => {
        const all = Object.values(loadBalancers);
        const arns = asked(
          all,
          texts(input, 'LoadBalancerArns'),
          ({ arn }) => arn,
          'LoadBalancerNotFound',
          'Load balancers',
        );
        return asked(
          arns,
          texts(input, 'Names'),
          ({ name }) => name,
          'LoadBalancerNotFound',
          'Load balancers',
        );
      },
      printBalancer,
    ),
    DescribeLoadBalancerAttributes: {
      handle: (input, { region }) => {
        const arn = textOf(input, 'LoadBalancerArn');
        const own = there(region.loadBalancers, arn, 'LoadBalancerNotFound', 'Load balancer');
        return { Attributes: attributes(own.attributes) };
      },
    },
    DescribeListeners: lists<Listener>(
      'Listeners',
      ({ listeners, loadBalancers }, input) => {
        const arn = text(input, 'LoadBalancerArn');
        if (arn !== undefined) there(loadBalancers, arn, 'LoadBalancerNotFound', 'Load balancer');
        const all = Object.values(listeners).filter(
          (each) => arn === undefined || each.loadBalancerArn === arn,
        );
        return asked(
          all,
          texts(input, 'ListenerArns'),
          (each) => each.arn,
          'ListenerNotFound',
          'Listeners',
        );
      },
      printListener,
    ),
    DescribeRules: lists<ListenerRule | Listener>(
      'Rules',
      ({ listeners, listenerRules }, input) => {
        const arn = text(input, 'ListenerArn');
        const rules = Object.values(listenerRules)
          .filter((each) => arn === undefined || each.listenerArn === arn)
          .toSorted((a, b) => a.priority - b.priority);
        const wanted = texts(input, 'RuleArns');
        if (wanted.length > 0)
          return asked(rules, wanted, (each) => each.arn, 'RuleNotFound', 'Rules');
        if (arn === undefined)
          throw noSuch('ValidationError', 'Either ListenerArn or RuleArns must be specified');
        // The default actions are the last rule.
        return [...rules, there(listeners, arn, 'ListenerNotFound', 'Listener')];
      },
      printRule,
    ),
    DescribeTargetGroups: lists<TargetGroup>(
      'TargetGroups',
      (region, input) => {
        const arn = text(input, 'LoadBalancerArn');
        const all = Object.values(region.targetGroups).filter(
          (each) =>
            arn === undefined || balancersUsing(region, each).some(({ own }) => own.arn === arn),
        );
        const arns = asked(
          all,
          texts(input, 'TargetGroupArns'),
          (each) => each.arn,
          'TargetGroupNotFound',
          'Target groups',
        );
        return asked(
          arns,
          texts(input, 'Names'),
          ({ name }) => name,
          'TargetGroupNotFound',
          'Target groups',
        );
      },
      printTargetGroup,
    ),
    DescribeTargetGroupAttributes: {
      handle: (input, { region }) => {
        const arn = textOf(input, 'TargetGroupArn');
        const own = there(region.targetGroups, arn, 'TargetGroupNotFound', 'Target group');
        return { Attributes: attributes(own.attributes) };
      },
    },
    ...targetOperations,
    DescribeTags: {
      handle: (input, { region }) => ({
        TagDescriptions: texts(input, 'ResourceArns').map((arn) => ({
          ...{ ResourceArn: arn, Tags: attributes(tagsOf(region, arn)) },
        })),
      }),
    },
  },
};

function tagsOf(region: Region, arn: string): Tags {
  const own = region.loadBalancers[arn] ?? region.targetGroups[arn];
  if (own !== undefined) return own.tags;
  if (region.listeners[arn] !== undefined || region.listenerRules[arn] !== undefined) return {};
  throw noSuch('LoadBalancerNotFound', `'${arn}' not found`);
}

function printBalancer(own: LoadBalancer, { region, context }: Call): Structure {
  return {
    ...{ LoadBalancerArn: own.arn, DNSName: own.dnsName, LoadBalancerName: own.name },
    ...{ CanonicalHostedZoneId: own.canonicalHostedZoneId, Scheme: own.scheme, Type: own.type },
    ...{ CreatedTime: context.control.startedAt, VpcId: own.vpcId, State: { Code: 'active' } },
    AvailabilityZones: own.zones.map(({ zone, subnetId, networkInterfaceId }) => ({
      ...{ ZoneName: zone, SubnetId: subnetId },
      LoadBalancerAddresses: Object.values(region.elasticIps)
        .filter(({ association }) => association?.networkInterfaceId === networkInterfaceId)
        .map(({ id, publicIp }) => ({ IpAddress: publicIp, AllocationId: id })),
    })),
    ...{ SecurityGroups: own.securityGroupIds, IpAddressType: 'ipv4' },
  };
}

function printListener(own: Listener): Structure {
  return {
    ...{ ListenerArn: own.arn, LoadBalancerArn: own.loadBalancerArn, Port: own.port },
    ...{ Protocol: own.protocol, SslPolicy: own.sslPolicy },
    Certificates: own.certificateArns.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
    DefaultActions: own.defaultActions.map(printAction),
  };
}

function printRule(own: ListenerRule | Listener): Structure {
  if ('defaultActions' in own) {
    return {
      RuleArn: `${own.arn.replace(':listener/', ':listener-rule/')}/default`,
      ...{ Priority: 'default', Conditions: [], IsDefault: true },
      Actions: own.defaultActions.map(printAction),
    };
  }
  return {
    ...{ RuleArn: own.arn, Priority: String(own.priority), IsDefault: false },
    ...{ Conditions: own.conditions.map(printCondition), Actions: own.actions.map(printAction) },
  };
}

function printCondition(own: RuleCondition): Structure {
  switch (own.field) {
    case 'host-header':
      return { Field: own.field, Values: own.values, HostHeaderConfig: { Values: own.values } };
    case 'path-pattern':
      return { Field: own.field, Values: own.values, PathPatternConfig: { Values: own.values } };
    case 'http-request-method':
      return { Field: own.field, HttpRequestMethodConfig: { Values: own.values } };
    case 'source-ip':
      return { Field: own.field, SourceIpConfig: { Values: own.values } };
    case 'http-header': {
      const config = { HttpHeaderName: own.headerName, Values: own.values };
      return { Field: own.field, HttpHeaderConfig: config };
    }
    case 'query-string': {
      const values = own.values.map(({ key, value }) => ({ Key: key, Value: value }));
      return { Field: own.field, QueryStringConfig: { Values: values } };
    }
  }
}

function printAction(own: ListenerAction, index: number): Structure {
  const Order = index + 1;
  switch (own.kind) {
    case 'forward': {
      const groups = own.targetGroups.map(({ arn, weight }) => ({
        ...{ TargetGroupArn: arn, Weight: weight },
      }));
      const stickiness = {
        Enabled: own.stickySeconds !== undefined,
        DurationSeconds: own.stickySeconds,
      };
      return {
        ...{ Type: 'forward', Order },
        ...(groups.length === 1 ? { TargetGroupArn: groups[0]?.TargetGroupArn } : {}),
        ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: stickiness },
      };
    }
    case 'redirect':
      return {
        ...{ Type: 'redirect', Order },
        RedirectConfig: {
          ...{ Protocol: own.protocol, Port: own.port, Host: own.host, Path: own.path },
          ...{ Query: own.query, StatusCode: `HTTP_${own.statusCode}` },
        },
      };
    case 'fixed-response':
      return {
        ...{ Type: 'fixed-response', Order },
        FixedResponseConfig: {
          ...{ MessageBody: own.messageBody, StatusCode: String(own.statusCode) },
          ContentType: own.contentType,
        },
      };
    case 'not-modelled':
      return { Type: own.type, Order };
  }
}

function printTargetGroup(own: TargetGroup, { region }: Call): Structure {
  const { healthCheck: check } = own;
  return {
    ...{ TargetGroupArn: own.arn, TargetGroupName: own.name, Protocol: own.protocol },
    ...{ Port: own.port, VpcId: own.vpcId, TargetType: own.targetType, IpAddressType: 'ipv4' },
    ...{ HealthCheckEnabled: check.enabled, HealthCheckProtocol: check.protocol },
    HealthCheckPort: check.port === undefined ? 'traffic-port' : String(check.port),
    ...{ HealthCheckPath: check.path, HealthCheckIntervalSeconds: check.interval },
    ...{ HealthCheckTimeoutSeconds: check.timeout, HealthyThresholdCount: check.healthyThreshold },
    UnhealthyThresholdCount: check.unhealthyThreshold,
    Matcher: check.matcher === undefined ? undefined : { HttpCode: check.matcher },
    LoadBalancerArns: balancersUsing(region, own).map((each) => each.own.arn),
  };
}
