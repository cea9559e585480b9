import type { ListenerRule, RuleCondition } from '../listener.ts';
import { put } from '../region.ts';
import { actionsOf } from './listener-action.ts';
import { digitsOf } from './load-balancer-zones.ts';
import type { Properties } from './properties.ts';
import type { ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-listenerrule.html */
export const listenerRule: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  properties: {
    real: ['Actions', 'Conditions', 'ListenerArn', 'Priority'],
  },
  create(region, properties, context) {
    const of = properties.reference('ListenerArn', region.listeners, 'listener');
    const priority = properties.requiredNumber('Priority', 1, 50_000);
    const twin = Object.values(region.listenerRules).find(
      (each) => each.listenerArn === of.arn && each.priority === priority,
    );
    if (twin !== undefined)
      properties.report('Priority', `Priority ${priority} is already in use.`);
    const conditions = properties.groups('Conditions').flatMap((each) => conditionOf(each) ?? []);
    const actions = actionsOf(region, properties, 'Actions');
    properties.check();
    const arn = `${of.arn.replace(':listener/', ':listener-rule/')}/${digitsOf(context, of.arn)}`;
    const made: ListenerRule = { arn, listenerArn: of.arn, priority, conditions, actions };
    return {
      region: put(region, 'listenerRules', arn, made),
      physicalId: arn,
      attributes: { RuleArn: arn, IsDefault: false },
    };
  },
};

const FIELDS = {
  'host-header': 'HostHeaderConfig',
  'path-pattern': 'PathPatternConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'source-ip': 'SourceIpConfig',
} as const;

/** The values stand beside the field, or in a group of its own. */
function conditionOf(condition: Properties): RuleCondition | undefined {
  const field = condition.requiredText('Field');
  switch (field) {
    case 'host-header':
    case 'path-pattern':
    case 'http-request-method':
    case 'source-ip': {
      const own = condition.group(FIELDS[field])?.texts('Values') ?? [];
      const values = [...condition.texts('Values'), ...own];
      if (values.length === 0) condition.report('Values', 'This property is required.');
      return { field, values };
    }
    case 'http-header': {
      const config = condition.group('HttpHeaderConfig');
      const headerName = config?.requiredText('HttpHeaderName') ?? '';
      return { field, headerName, values: config?.texts('Values') ?? [] };
    }
    case 'query-string': {
      const values = (condition.group('QueryStringConfig')?.groups('Values') ?? []).map((each) => {
        const key = each.text('Key');
        return { ...(key === undefined ? {} : { key }), value: each.requiredText('Value') };
      });
      return { field, values };
    }
    default:
      if (field !== '') condition.report('Field', `"${field}" is not a field of a condition.`);
      return undefined;
  }
}
