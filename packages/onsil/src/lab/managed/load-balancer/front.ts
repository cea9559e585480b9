/** The frontends of a listener: one at each node. */
import { hashOf } from '../../../region/hash.ts';
import type { GuestFile } from '../../machine/plan.ts';
import type { Action, Balancer, Certificate, Front, Node, Pool } from './balancer.ts';
import { conditionText } from './condition.ts';
import { backendName, openName } from './pool.ts';
import { literal, quoted } from './text.ts';

const FOLDER = 'etc/haproxy';
/** What load balancers call themselves in their own answers. */
export const SERVER = 'hdr Server awselb/2.0';

export function frontLines(balancer: Balancer, front: Front, node: Node): readonly string[] {
  const { port, mode } = front;
  return [
    `frontend ${port}.${node.zone}`,
    `  mode ${mode}`,
    `  bind ${node.address}:${port}${tlsWords(front)}`,
    ...(mode === 'http' ? httpLines(balancer, front, node) : tcpLines(balancer, front, node)),
  ];
}

function tlsWords({ certificates, mode, http2 }: Front): string {
  if (certificates === undefined) return '';
  const files = certificates.map((each) => `crt /${certificateFile(each)}`);
  const alpn = mode === 'tcp' ? '' : ` alpn ${http2 ? 'h2,http/1.1' : 'http/1.1'}`;
  return ` ssl ${files.join(' ')}${alpn}`;
}

/** Where the certificate is, with its key. */
export function certificateFile({ names }: Certificate): string {
  return `${FOLDER}/certificates/${hashOf('certificate', ...names).slice(0, 16)}.pem`;
}

/** The bodies of fixed responses. */
export function answerFiles({ fronts }: Balancer): readonly GuestFile[] {
  const bodies = fronts
    .flatMap(({ rules }) => rules.map(({ action }) => action))
    .flatMap((action) =>
      action.kind === 'fixed-response' && action.messageBody !== '' ? [action.messageBody] : [],
    );
  return [...new Set(bodies)].map((content) => ({ path: answerFile(content), content }));
}

function answerFile(body: string): string {
  return `${FOLDER}/answers/${hashOf('answer', body).slice(0, 16)}`;
}

function tcpLines({ pools }: Balancer, { rules }: Front, node: Node): readonly string[] {
  const action = rules.at(-1)?.action;
  if (action?.kind !== 'forward') return [];
  const used = action.pools.flatMap(({ pool }) => pools.find(({ name }) => name === pool) ?? []);
  const [first] = used;
  if (first === undefined) return [];
  return [...openLines([first], node), `  default_backend ${backendName(first, node)}`];
}

/**
 * First which rule takes the request, then to which pool that sends it, then whether the pool has
 * a healthy server.
 */
function httpLines(balancer: Balancer, front: Front, node: Node): readonly string[] {
  const { rules } = front;
  const taken = '!{ var(txn.rule) -m found }';
  const choices = rules.map(({ conditions }, index) => {
    const words = [taken, ...conditions.map(conditionText)];
    return `  http-request set-var(txn.rule) int(${index}) if ${words.join(' ')}`;
  });
  const used = new Set(
    rules.flatMap(({ action }) =>
      action.kind === 'forward' ? action.pools.map(({ pool }) => pool) : [],
    ),
  );
  const pools = balancer.pools.filter(({ name }) => used.has(name));
  return [
    ...forwardedLines(balancer, front),
    ...choices,
    ...rules.flatMap(({ action }, index) =>
      actionLines(action, `{ var(txn.rule) -m int ${index} }`, { front, node, pools }),
    ),
    ...(rules.some(({ action }) => action.kind === 'forward' && action.stickySeconds !== undefined)
      ? ["  http-response add-header Set-Cookie '%[var(txn.group)]' if { var(txn.group) -m found }"]
      : []),
    ...openLines(pools, node, '{ var(txn.pool) -m str $ }'),
    '  use_backend %[var(txn.pool)] if { var(txn.pool) -m found }',
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html */
function forwardedLines(
  { forwardedFor }: Balancer,
  { port, certificates }: Front,
): readonly string[] {
  const found = '{ req.fhdr(X-Forwarded-For) -m found }';
  const lines = {
    append: [
      `  http-request set-header X-Forwarded-For '%[req.fhdr(X-Forwarded-For)], %[src]' if ${found}`,
      `  http-request set-header X-Forwarded-For %[src] unless ${found}`,
    ],
    preserve: [],
    remove: ['  http-request del-header X-Forwarded-For'],
  }[forwardedFor];
  return [
    ...lines,
    `  http-request set-header X-Forwarded-Proto ${certificates === undefined ? 'http' : 'https'}`,
    `  http-request set-header X-Forwarded-Port ${port}`,
    "  http-request set-header X-Amzn-Trace-Id 'Root=1-%[date,hex,lower,bytes(8,8)]-%[uuid,lower,bytes(0,8)]%[uuid,lower,bytes(24,12)]%[rand(65536),hex,lower,bytes(12,4)]' unless { req.hdr(X-Amzn-Trace-Id) -m found }",
  ];
}

interface Place {
  readonly front: Front;
  readonly node: Node;
  readonly pools: readonly Pool[];
}

function actionLines(action: Action, when: string, place: Place): readonly string[] {
  switch (action.kind) {
    case 'fixed-response': {
      const { statusCode, contentType, messageBody } = action;
      const body =
        messageBody === ''
          ? ''
          : ` content-type ${quoted(contentType)} file /${answerFile(messageBody)}`;
      return [`  http-request return status ${statusCode}${body} ${SERVER} if ${when}`];
    }
    case 'redirect':
      return redirectLines(action, when, place.front);
    case 'forward':
      return forwardLines(action, when, place);
  }
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
function redirectLines(
  action: Extract<Action, { kind: 'redirect' }>,
  when: string,
  { port, certificates }: Front,
): readonly string[] {
  const own = certificates === undefined ? 'http' : 'https';
  const filled = (text: string): string =>
    literal(text)
      .replaceAll('#{protocol}', own)
      .replaceAll('#{host}', '%[req.hdr(host),field(1,:)]')
      .replaceAll('#{port}', String(port))
      .replaceAll('#{path}', '%[path,bytes(1)]')
      .replaceAll('#{query}', '%[query]');
  const { protocol, host, path, query, statusCode } = action;
  const scheme = filled(protocol).toLowerCase();
  const start = `${scheme}://${filled(host)}:${filled(action.port)}${filled(path)}`;
  const line = (location: string, more = '') =>
    `  http-request return status ${statusCode} hdr Location ${quoted(location)} ${SERVER} if ${when}${more}`;
  if (query === '') return [line(start)];
  if (query !== '#{query}') return [line(`${start}?${filled(query)}`)];
  return [line(`${start}?${filled(query)}`, ' { query -m len gt 0 }'), line(start)];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html#target-group-stickiness */
function forwardLines(
  action: Extract<Action, { kind: 'forward' }>,
  when: string,
  { node, pools }: Place,
): readonly string[] {
  const known = action.pools.flatMap(({ pool, weight }) => {
    const found = pools.find(({ name }) => name === pool);
    return found === undefined ? [] : [{ pool: found, weight }];
  });
  const to = (pool: Pool, more: string) =>
    `  http-request set-var(txn.pool) str(${backendName(pool, node)}) if ${when}${more}`;
  const [only, ...others] = known;
  if (only === undefined) return [];
  if (others.length === 0) return only.weight === 0 ? [] : [to(only.pool, '')];
  const total = known.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [];
  const open = ' !{ var(txn.pool) -m found }';
  const sticks = action.stickySeconds !== undefined;
  const kept = sticks
    ? known.map(({ pool }) => to(pool, `${open} { req.cook(AWSALBTG) -m str ${tokenOf(pool)} }`))
    : [];
  let bound = 0;
  const drawn = known.map(({ pool, weight }) => {
    bound += weight;
    return to(pool, `${open} { var(txn.draw) -m int lt ${bound} }`);
  });
  const cookies = sticks
    ? known.map(({ pool }) => {
        const cookie = `AWSALBTG=${tokenOf(pool)}; Max-Age=${action.stickySeconds}; Path=/`;
        const chosen = `{ var(txn.pool) -m str ${backendName(pool, node)} }`;
        return `  http-request set-var(txn.group) str(${quoted(cookie)}) if ${when} ${chosen}`;
      })
    : [];
  return [
    `  http-request set-var(txn.draw) rand(${total}) if ${when}`,
    ...kept,
    ...drawn,
    ...cookies,
  ];
}

const tokenOf = ({ name }: Pool): string => hashOf('target group', name).slice(0, 32);

/**
 * A pool without a healthy server gets requests nonetheless, at all of them.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 * @param when a condition with `$` in the place of the backend's name
 */
function openLines(pools: readonly Pool[], node: Node, when = ''): readonly string[] {
  return pools.flatMap((pool) => {
    if (pool.check === undefined) return [];
    const name = backendName(pool, node);
    const words = [when.replace('$', name), `{ nbsrv(${name}) eq 0 }`].filter(Boolean);
    return [`  use_backend ${openName(pool, node)} if ${words.join(' ')}`];
  });
}
