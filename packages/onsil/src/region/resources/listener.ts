import type { Listener } from '../listener.ts';
import { put } from '../region.ts';
import { actionsOf } from './listener-action.ts';
import { digitsOf } from './load-balancer-zones.ts';
import type { ResourceType } from './resource-type.ts';

const BY_TYPE = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS', 'UDP', 'TCP_UDP'],
} as const;
const PROTOCOLS = [...BY_TYPE.application, ...BY_TYPE.network] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-listener.html */
export const listener: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  properties: {
    real: ['Certificates', 'DefaultActions', 'LoadBalancerArn', 'Port', 'Protocol', 'SslPolicy'],
    recorded: ['AlpnPolicy'],
  },
  create(region, properties, context) {
    const of = properties.reference('LoadBalancerArn', region.loadBalancers, 'load balancer');
    const port = properties.requiredNumber('Port', 1, 65_535);
    const protocol = properties.oneOf('Protocol', PROTOCOLS);
    const allowed: readonly string[] = BY_TYPE[of.type];
    if (protocol === undefined ? !properties.has('Protocol') : !allowed.includes(protocol)) {
      const message = `The load balancer is an ${of.type} one, whose listeners speak ${allowed.join(', ')}.`;
      properties.report('Protocol', message);
    }
    const certificateArns = properties
      .groups('Certificates')
      .flatMap((each) => each.text('CertificateArn') ?? []);
    if ((protocol === 'HTTPS' || protocol === 'TLS') && certificateArns.length === 0) {
      const message = `A certificate must be specified for ${protocol} listeners.`;
      properties.report('Certificates', message);
    }
    const sslPolicy = properties.text('SslPolicy');
    const defaultActions = actionsOf(region, properties, 'DefaultActions');
    const twin = Object.values(region.listeners).find(
      (each) => each.loadBalancerArn === of.arn && each.port === port,
    );
    if (twin !== undefined) {
      properties.report('Port', `A listener already exists on port ${port} of ${of.name}.`);
    }
    properties.check();
    const arn = `${of.arn.replace(':loadbalancer/', ':listener/')}/${digitsOf(context, of.arn)}`;
    const made: Listener = {
      ...{ arn, loadBalancerArn: of.arn, port, protocol: protocol ?? 'TCP' },
      ...(sslPolicy === undefined ? {} : { sslPolicy }),
      ...{ certificateArns, defaultActions },
    };
    return {
      region: put(region, 'listeners', arn, made),
      physicalId: arn,
      attributes: { ListenerArn: arn },
    };
  },
};
