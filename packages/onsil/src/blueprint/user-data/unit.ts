import type { Runtime } from '../../config/definition.ts';
import { databaseName, privateName, type Service } from '../../config/service.ts';
import { fill } from './text.ts';

export interface Unit {
  readonly app: 'web' | 'api';
  readonly service: string;
  readonly runtime: Runtime;
  /** Lines of a systemd unit. */
  readonly environment: readonly string[];
  readonly port: number;
  /** Path that answers 200 on loopback when the app can serve. */
  readonly health: string;
}

/** The parts of a host that runs a release, filled in for one app. */
export function unit(text: string, { app, service, runtime, ...rest }: Unit): string {
  const node = `/srv/${app}/runtime/bin/node dist/server.mjs`;
  return fill(text, {
    APP: app,
    SERVICE: service,
    ENVIRONMENT: rest.environment.join('\n'),
    COMMAND: runtime === 'java' ? '/usr/bin/java -jar app.jar' : node,
    PORT: String(rest.port),
    HEALTH: rest.health,
  });
}

export function webEnvironment(service: Service): readonly string[] {
  return environment({
    NODE_ENV: 'production',
    PORT: String(service.web.port),
    SITE_ORIGIN: `https://${service.domain}`,
  });
}

/** The password is no variable, which children and crash reports would inherit, but a file. */
export function apiEnvironment(service: Service): readonly string[] {
  const host = privateName(service, 'database');
  const name = databaseName(service);
  const common = {
    PORT: String(service.api.port),
    SITE_ORIGIN: `https://${service.domain}`,
    DATABASE_HOST: host,
    DATABASE_PORT: '3306',
    DATABASE_NAME: name,
    DATABASE_USER: name,
    DATABASE_PASSWORD_FILE: '%d/database-password',
  };
  const credential = ['LoadCredential=database-password:/etc/onsil/database-password'];
  if (service.api.runtime === 'node') {
    return [...environment({ NODE_ENV: 'production', ...common }), ...credential];
  }
  // Spring reads a folder of files as properties: the file's name is the property's.
  // https://docs.spring.io/spring-boot/reference/features/external-config.html (configuration trees)
  return [
    ...environment({
      ...common,
      SERVER_PORT: String(service.api.port),
      SPRING_DATASOURCE_URL: `jdbc:mysql://${host}:3306/${name}`,
      SPRING_DATASOURCE_USERNAME: name,
      SPRING_CONFIG_IMPORT: 'optional:configtree:%d/',
    }),
    ...credential,
    'LoadCredential=spring.datasource.password:/etc/onsil/database-password',
  ];
}

function environment(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `Environment=${name}=${value}`);
}
