/** The backends of a pool at each node: one by health, one for when nobody is healthy. */
import { hashOf } from '../../../region/hash.ts';
import type { Balancer, Check, Node, Pool, Server } from './balancer.ts';
import { quoted } from './text.ts';

export const backendName = ({ name }: Pool, { zone }: Node): string => `${name}.${zone}`;
export const openName = ({ name }: Pool, { zone }: Node): string => `open.${name}.${zone}`;
export const checkName = ({ name }: Check, { zone }: Node): string => `check.${name}.${zone}`;

/** Those that a node sends to. */
export function serversAt({ servers, crossZone }: Pool, { zone }: Node): readonly Server[] {
  return servers.filter((each) => crossZone || each.zone === undefined || each.zone === zone);
}

/** In which a target must take a connection. */
const CONNECT_SECONDS = 10;

/**
 * HAProxy says 503 where it got no connection. AWS tells a target that refuses from one that is
 * silent, and says 503 where there is no target at all.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
const ERRORS = (() => {
  const failed = '{ status 503 } { srv_id -m found } !{ bc_err -m found }';
  const late = `{ date(0,ms),sub(txn.at) ge ${CONNECT_SECONDS * 1000} }`;
  return [
    '  http-request set-var(txn.at) date(0,ms)',
    `  http-after-response set-status 504 if ${failed} ${late}`,
    `  http-after-response set-status 502 if ${failed}`,
  ];
})();

export function poolLines(pool: Pool, node: Node): readonly string[] {
  const { check } = pool;
  const start = (name: string) => [
    '',
    `backend ${name}`,
    `  mode ${pool.mode}`,
    `  source ${node.address}`,
    `  timeout connect ${CONNECT_SECONDS}s`,
    '  retries 0',
    ...(pool.mode === 'http' ? ERRORS : []),
    `  balance ${pool.algorithm === 'random' ? 'random(1)' : pool.algorithm}`,
  ];
  const servers = serversAt(pool, node);
  const words = (server: Server) => serverWords(pool, server);
  const healthy = servers.map((server) => {
    const track = check === undefined ? '' : ` track ${checkName(check, node)}/${server.name}`;
    const slow = pool.slowStart === 0 ? '' : ` slowstart ${pool.slowStart}s`;
    return `${words(server)}${track}${slow}`;
  });
  return [
    ...start(backendName(pool, node)),
    ...stickyLines(pool),
    ...healthy,
    ...(check === undefined ? [] : [...start(openName(pool, node)), ...servers.map(words)]),
  ];
}

function serverWords(pool: Pool, { name, address, port }: Server): string {
  const tls = pool.tls ? ' ssl verify none' : '';
  const proxy = pool.proxyProtocol ? ' send-proxy-v2' : '';
  const cookie =
    pool.stickiness?.kind === 'lb_cookie' ? ` cookie ${hashOf('server', name).slice(0, 32)}` : '';
  return `  server ${name} ${address}:${port}${tls}${proxy}${cookie}`;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html */
function stickyLines({ stickiness, mode }: Pool): readonly string[] {
  switch (stickiness?.kind) {
    case undefined:
      return [];
    case 'source_ip':
      return ['  stick-table type ip size 100k expire 1h', '  stick on src'];
    case 'lb_cookie': {
      const { seconds } = stickiness;
      return mode === 'tcp'
        ? []
        : [`  cookie AWSALB insert maxidle ${seconds}s attr ${quoted(`Max-Age=${seconds}`)}`];
    }
    case 'app_cookie': {
      const cookie = quoted(`res.cook(${stickiness.cookie})`);
      return mode === 'tcp' || !/^[\w.-]+$/.test(stickiness.cookie)
        ? []
        : [
            `  stick-table type string len 256 size 100k expire ${stickiness.seconds}s`,
            `  stick store-response ${cookie}`,
            `  stick match ${cookie.replace('res.', 'req.')}`,
          ];
    }
  }
}

/** The checks of a balancer, each with the servers that its pools have at the node. */
export function checkLines({ pools }: Balancer, node: Node): readonly string[] {
  const checks = new Map(pools.flatMap(({ check }) => (check ? [[check.name, check]] : [])));
  return [...checks.values()].flatMap((check) => {
    const servers = pools
      .filter((pool) => pool.check?.name === check.name)
      .flatMap((pool) => serversAt(pool, node));
    const distinct = [...new Map(servers.map((server) => [server.name, server])).values()];
    const isHttp = check.protocol !== 'TCP';
    return [
      '',
      `backend ${checkName(check, node)}`,
      `  mode ${isHttp ? 'http' : 'tcp'}`,
      `  source ${node.address}`,
      '  load-server-state-from-file global',
      `  timeout connect ${check.timeout}s`,
      `  timeout check ${check.timeout}s`,
      ...(isHttp ? httpCheckLines(check) : []),
      ...distinct.map((server) => `  ${checkedServer(check, server)}`),
    ];
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
function httpCheckLines({ path = '/', matcher = '200' }: Check): readonly string[] {
  const codes = /^[1-5]\d\d(-[1-5]\d\d)?(,[1-5]\d\d(-[1-5]\d\d)?)*$/.test(matcher)
    ? matcher
    : '200';
  return [
    '  option httpchk',
    `  http-check send meth GET uri ${quoted(path.replaceAll(' ', '%20'))} ver HTTP/1.1 hdr Host '%[bc_dst]:%[bc_dst_port]' hdr User-Agent ELB-HealthChecker/2.0 hdr Connection close`,
    `  http-check expect status ${codes}`,
  ];
}

function checkedServer(check: Check, { name, address, port }: Server): string {
  const { interval, healthyThreshold, unhealthyThreshold } = check;
  const tls = check.protocol === 'HTTPS' ? ' check-ssl verify none' : '';
  const other = check.port === undefined || check.port === port ? '' : ` port ${check.port}`;
  return (
    `server ${name} ${address}:${port} check${tls}${other} ` +
    `inter ${interval}s rise ${healthyThreshold} fall ${unhealthyThreshold}`
  );
}
