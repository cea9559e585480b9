/** The configuration of HAProxy for a load balancer. Equal balancers give equal text. */
import type { GuestFile } from '../../machine/plan.ts';
import type { Balancer } from './balancer.ts';
import { answerFiles, frontLines, SERVER } from './front.ts';
import { checkLines, poolLines } from './pool.ts';

/** Where HAProxy answers questions about its servers, in the machine. */
export const STATS_SOCKET = '/run/haproxy/admin.sock';
const STATE_FILE = '/var/lib/haproxy/server-state';
const RELOAD = 'usr/local/sbin/reload-haproxy';

/** New processes go on with the health that the old ones know of; these end their connections. */
const RELOAD_SCRIPT = `#!/bin/sh
set -eu
echo 'show servers state' | socat - UNIX-CONNECT:${STATS_SOCKET} > ${STATE_FILE}.new
mv ${STATE_FILE}.new ${STATE_FILE}
systemctl reload haproxy.service
`;

export const RELOAD_COMMAND = [`/${RELOAD}`] as const;

/** Every file but certificates. */
export function configurationFiles(balancer: Balancer): readonly GuestFile[] {
  return [
    { path: 'etc/haproxy/haproxy.cfg', content: haproxyConfiguration(balancer) },
    { path: RELOAD, content: RELOAD_SCRIPT, mode: 0o755 },
    // Of no server: the number is that of the format.
    { path: STATE_FILE.slice(1), content: '1\n' },
    ...answerFiles(balancer),
  ];
}

export function haproxyConfiguration(balancer: Balancer): string {
  const { nodes, fronts, pools, idleTimeout, name, type } = balancer;
  const delay = Math.max(1, ...pools.map(({ deregistrationDelay }) => deregistrationDelay));
  const sections = nodes.flatMap((node) => [
    ...fronts.flatMap((front) => ['', ...frontLines(balancer, front, node)]),
    ...pools.flatMap((pool) => poolLines(pool, node)),
    ...checkLines(balancer, node),
  ]);
  return `${[
    `# ${type} ${name.replaceAll(/[^\w-]/g, '')}`,
    'global',
    '  log stdout format raw daemon notice',
    '  user haproxy',
    '  group haproxy',
    `  stats socket ${STATS_SOCKET} mode 600 level admin expose-fd listeners`,
    `  server-state-file ${STATE_FILE}`,
    '  max-spread-checks 500',
    // Of the processes that were there before a change: how long their connections may go on.
    `  hard-stop-after ${delay}s`,
    '  ssl-default-bind-options ssl-min-ver TLSv1.2',
    '',
    'defaults',
    '  log global',
    `  timeout client ${idleTimeout}s`,
    `  timeout server ${idleTimeout}s`,
    '  timeout connect 10s',
    ...[400, 408, 500, 502, 503, 504].map((status) => `  http-error status ${status} ${SERVER}`),
    ...sections,
  ].join('\n')}\n`;
}
