/** What a listener or one of its rules does with a request. */
import { asText, isMap } from '../json.ts';
import type { ListenerAction } from '../listener.ts';
import type { Region } from '../region.ts';
import type { Properties } from './properties.ts';

/** In their order. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-elasticloadbalancingv2-listener-action.html */
export function actionsOf(
  region: Region,
  properties: Properties,
  name: string,
): readonly ListenerAction[] {
  const actions = properties.groups(name).map((action) => {
    const order = action.number('Order') ?? 0;
    return { order, made: actionOf(region, action, properties, name) };
  });
  if (actions.length === 0) properties.report(name, 'This property is required.');
  return actions.toSorted((a, b) => a.order - b.order).flatMap(({ made }) => made ?? []);
}

function actionOf(
  region: Region,
  action: Properties,
  properties: Properties,
  name: string,
): ListenerAction | undefined {
  const type = action.requiredText('Type');
  switch (type) {
    case 'forward':
      return forwardOf(region, action);
    case 'redirect':
      return redirectOf(action.group('RedirectConfig') ?? required(action, 'RedirectConfig'));
    case 'fixed-response': {
      const config = action.group('FixedResponseConfig');
      if (config === undefined) return required(action, 'FixedResponseConfig');
      return {
        kind: 'fixed-response',
        statusCode: config.requiredNumber('StatusCode', 200, 599),
        contentType: config.text('ContentType') ?? 'text/plain',
        messageBody: config.text('MessageBody') ?? '',
      };
    }
    case 'authenticate-cognito':
    case 'authenticate-oidc': {
      const message = `The login ${type} is not modelled: requests pass without it.`;
      action.warn('Type', message);
      action.ignore('AuthenticateCognitoConfig', 'AuthenticateOidcConfig');
      const given = properties.json(name);
      return { kind: 'not-modelled', type, given: isMap(given) ? given : {} };
    }
    default:
      if (type !== '') {
        action.report('Type', `"${type}" is none of forward, redirect and fixed-response.`);
      }
      return undefined;
  }
}

function required(action: Properties, name: string): never {
  return action.fail(name, 'This property is required.');
}

function forwardOf(region: Region, action: Properties): ListenerAction {
  const config = action.group('ForwardConfig');
  const sticky = config?.group('TargetGroupStickinessConfig');
  const isSticky = sticky?.boolean('Enabled') === true;
  const seconds = sticky?.number('DurationSeconds');
  const several = (config?.groups('TargetGroups') ?? []).map((each) => ({
    arn: each.reference('TargetGroupArn', region.targetGroups, 'target group').arn,
    weight: each.number('Weight') ?? 1,
  }));
  const single = action.has('TargetGroupArn')
    ? [
        {
          arn: action.reference('TargetGroupArn', region.targetGroups, 'target group').arn,
          weight: 1,
        },
      ]
    : [];
  const targetGroups = several.length > 0 ? several : single;
  if (targetGroups.length === 0) required(action, 'TargetGroupArn');
  return {
    kind: 'forward',
    targetGroups,
    ...(isSticky ? { stickySeconds: seconds ?? 3600 } : {}),
  };
}

function redirectOf(config: Properties): ListenerAction {
  const statusCode = asText(config.json('StatusCode') ?? '');
  if (!['HTTP_301', 'HTTP_302'].includes(statusCode)) {
    config.report('StatusCode', `"${statusCode}" is neither HTTP_301 nor HTTP_302.`);
  }
  return {
    kind: 'redirect',
    protocol: config.text('Protocol') ?? '#{protocol}',
    host: config.text('Host') ?? '#{host}',
    port: config.text('Port') ?? '#{port}',
    path: config.text('Path') ?? '/#{path}',
    query: config.text('Query') ?? '#{query}',
    statusCode: statusCode === 'HTTP_302' ? 302 : 301,
  };
}
