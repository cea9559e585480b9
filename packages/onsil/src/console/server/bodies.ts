/** What a page has sent, once it is known to be what it should. All throw AskedError. */
import type { DrillRequest, Question } from '../api.ts';
import { AskedError } from './context.ts';

export function questionIn(body: unknown): Question {
  const { from, to, port, protocol, family } = Object(body);
  const isPort = port === undefined || port === 'ping' || Number.isInteger(port);
  const isProtocol = protocol === undefined || protocol === 'tcp' || protocol === 'udp';
  const isFamily = family === undefined || family === 'ipv6';
  if (typeof from === 'string' && typeof to === 'string' && isPort && isProtocol && isFamily) {
    return {
      ...{ from, to },
      ...(port === undefined ? {} : { port }),
      ...(protocol === undefined ? {} : { protocol }),
      ...(family === undefined ? {} : { family }),
    };
  }
  throw new AskedError(
    'A question is { from, to, port }: two names or addresses, and a port from 1 to 65535 or "ping".',
  );
}

export function drillIn(body: unknown): DrillRequest {
  const { kind, host, routeTableId, destination, groupId, direction, ruleId } = Object(body);
  const texts = (...all: readonly unknown[]) => all.every((each) => typeof each === 'string');
  if (kind === 'stop' && texts(host)) return { kind, host };
  if (kind === 'cut-route' && texts(routeTableId, destination)) {
    return { kind, routeTableId, destination };
  }
  const isDirection = direction === 'ingress' || direction === 'egress';
  if (kind === 'revoke-rule' && isDirection && texts(groupId, ruleId)) {
    return { kind, groupId, direction, ruleId };
  }
  throw new AskedError('A drill is one of those that GET /api/drill offers, as its request says.');
}
