import { put } from '../region.ts';
import type { HealthCheck, TargetGroup } from '../target-group.ts';
import { vpcOrDefault } from './default-vpc.ts';
import { digitsOf, shortNameOf } from './load-balancer-zones.ts';
import type { Properties } from './properties.ts';
import { arnOf, type ResourceType } from './resource-type.ts';

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE'] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-targetgroup.html */
export const targetGroup: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  properties: {
    real: [
      'HealthCheckEnabled',
      'HealthCheckIntervalSeconds',
      'HealthCheckPath',
      'HealthCheckPort',
      'HealthCheckProtocol',
      'HealthCheckTimeoutSeconds',
      'HealthyThresholdCount',
      'Matcher',
      'Name',
      'Port',
      'Protocol',
      'Tags',
      'TargetGroupAttributes',
      'TargetType',
      'Targets',
      'UnhealthyThresholdCount',
      'VpcId',
    ],
    recorded: ['IpAddressType', 'ProtocolVersion'],
  },
  create(region, properties, context) {
    const name = properties.text('Name') ?? shortNameOf(context);
    const targetType =
      properties.oneOf('TargetType', ['instance', 'ip', 'lambda', 'alb']) ?? 'instance';
    const isFunction = targetType === 'lambda';
    const protocol = properties.oneOf('Protocol', PROTOCOLS);
    const port = properties.number('Port');
    if (!isFunction && protocol === undefined && !properties.has('Protocol')) {
      properties.report('Protocol', 'This property is required: HTTP, HTTPS, TCP ….');
    }
    if (!isFunction && port === undefined && !properties.has('Port')) {
      properties.report('Port', 'This property is required: 1 to 65535.');
    }
    const vpc = isFunction ? undefined : vpcOrDefault(region, properties, 'target group');
    const targets = properties.groups('Targets').map((target) => {
      const id = target.requiredText('Id');
      const own = target.number('Port');
      target.ignore('AvailabilityZone');
      if (targetType === 'instance' && region.instances[id] === undefined && id !== '') {
        target.report('Id', `"${id}" is not an instance of this region.`);
      }
      return { id, ...(own === undefined ? {} : { port: own }) };
    });
    const attributes = Object.fromEntries(
      properties
        .groups('TargetGroupAttributes')
        .map((each) => [each.requiredText('Key'), each.text('Value') ?? '']),
    );
    const healthCheck = healthCheckOf(properties, protocol, isFunction);
    const tags = properties.tags();
    if (Object.values(region.targetGroups).some((each) => each.name === name)) {
      properties.report('Name', `There is already a target group "${name}".`);
    }
    properties.check();
    const fullName = `targetgroup/${name}/${digitsOf(context, name)}`;
    const arn = arnOf(context, 'elasticloadbalancing', fullName);
    const made: TargetGroup = {
      ...{ arn, name, targetType, healthCheck, targets, attributes, tags },
      ...(protocol === undefined ? {} : { protocol }),
      ...(port === undefined ? {} : { port }),
      ...(vpc === undefined ? {} : { vpcId: vpc.id }),
    };
    return {
      region: put(region, 'targetGroups', arn, made),
      physicalId: arn,
      attributes: {
        TargetGroupArn: arn,
        TargetGroupFullName: fullName,
        TargetGroupName: name,
        LoadBalancerArns: [],
      },
    };
  },
};

/** Defaults: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
function healthCheckOf(
  properties: Properties,
  protocol: (typeof PROTOCOLS)[number] | undefined,
  isFunction: boolean,
): HealthCheck {
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS' || isFunction;
  const checked =
    properties.oneOf('HealthCheckProtocol', ['HTTP', 'HTTPS', 'TCP']) ?? (isHttp ? 'HTTP' : 'TCP');
  const port = properties.text('HealthCheckPort') ?? 'traffic-port';
  if (!/^(traffic-port|[0-9]{1,5})$/.test(port)) {
    properties.report('HealthCheckPort', `"${port}" is neither a port nor traffic-port.`);
  }
  const matcher = properties.group('Matcher');
  const codes = matcher?.text('HttpCode') ?? matcher?.text('GrpcCode');
  const path = properties.text('HealthCheckPath') ?? '/';
  const within = (name: string, fallback: number, least: number, most: number): number =>
    properties.has(name) ? properties.requiredNumber(name, least, most) : fallback;
  return {
    enabled: properties.boolean('HealthCheckEnabled') ?? !isFunction,
    protocol: checked,
    ...(port === 'traffic-port' ? {} : { port: Number(port) }),
    ...(checked === 'TCP' ? {} : { path, matcher: codes ?? (isHttp ? '200' : '200-399') }),
    interval: within('HealthCheckIntervalSeconds', isFunction ? 35 : 30, 5, 300),
    timeout: within('HealthCheckTimeoutSeconds', timeoutOf(isFunction, isHttp, checked), 2, 120),
    healthyThreshold: within('HealthyThresholdCount', 5, 2, 10),
    unhealthyThreshold: within('UnhealthyThresholdCount', 2, 2, 10),
  };
}

function timeoutOf(isFunction: boolean, isHttp: boolean, checked: string): number {
  if (isFunction) return 30;
  if (isHttp) return 5;
  return checked === 'HTTP' ? 6 : 10;
}
