/** What each kind of host runs at first boot, as text: composed of the parts beside this file. */
import { apiNames, databaseName, privateName, type Service } from '../../config/service.ts';
import { fill, part } from './text.ts';
import { apiEnvironment, unit, webEnvironment } from './unit.ts';

export function bastionScript(): string {
  return part('bastion.sh');
}

export function natScript(): string {
  return part('nat.sh');
}

export function edgeScript(service: Service): string {
  const upstreams = [
    `gateway 80 ${privateName(service, 'gateway')}`,
    `web ${service.web.port} ${privateName(service, 'web')}`,
  ].join('\n');
  return fill(parts('edge.sh', 'upstreams.sh', 'nginx-start.sh', 'edge-certificate.sh'), {
    DOMAIN: service.domain,
    HEALTH: service.api.health,
    EDGE_CONF: part('edge.conf'),
    TLS_INC: part('tls.inc'),
    UPSTREAMS: upstreams,
  });
}

export function gatewayScript(service: Service): string {
  const hosts = apiNames(service).map((name) => privateName(service, name));
  return fill(parts('gateway.sh', 'upstreams.sh', 'nginx-start.sh'), {
    GATEWAY_CONF: part('gateway.conf'),
    UPSTREAMS: `api ${service.api.port} ${hosts.join(' ')}`,
  });
}

export function webScript(service: Service): string {
  return unit(parts('aws.sh', 'release.sh', 'unit.sh', 'unit-start.sh'), {
    app: 'web',
    service: service.name,
    runtime: service.web.runtime,
    environment: webEnvironment(service),
    port: service.web.port,
    health: '/',
  });
}

export function apiScript(service: Service): string {
  const { port, health, runtime } = service.api;
  const before = runtime === 'java' ? ['java.sh'] : [];
  return unit(parts('aws.sh', 'secret.sh', ...before, 'release.sh', 'unit.sh', 'unit-start.sh'), {
    app: 'api',
    service: service.name,
    runtime,
    environment: apiEnvironment(service),
    port,
    health,
  });
}

export function databaseScript(service: Service): string {
  return fill(parts('aws.sh', 'database.sh', 'secret.sh', 'database-user.sh'), {
    DATABASE: databaseName(service),
    CLIENTS: netmask(service.network.subnets.app),
  });
}

/** The administrator's keys beyond the first, which is the key pair; empty where there are none. */
export function keysScript(service: Service): string {
  const further = service.admin.sshPublicKeys.slice(1);
  return further.length === 0 ? '' : fill(part('authorized-keys.sh'), { KEYS: further.join('\n') });
}

/** `10.0.1.0/24` as MariaDB writes the hosts of a user: `10.0.1.0/255.255.255.0`. */
function netmask(cidr: string): string {
  const [address, prefix] = cidr.split('/');
  const bits = 2 ** 32 - 2 ** (32 - Number(prefix));
  return `${address}/${[24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.')}`;
}

function parts(...names: readonly string[]): string {
  return names.map(part).join('\n\n');
}
