import { z } from 'zod';

/** A whole number written in digits; anything else (`8080x`, `1e3`, an empty string) is refused. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));

const required = z.string().min(1, 'must not be empty');

const Environment = z.object({
  PORT: wholeNumber(0, 65535).default(8080),
  HOSTNAME: required.default('unknown'),
  DATABASE_HOST: required,
  DATABASE_PORT: wholeNumber(1, 65535).default(3306),
  DATABASE_NAME: required,
  DATABASE_USER: required,
  DATABASE_PASSWORD_FILE: required,
  SITE_ORIGIN: z.string().refine(isOrigin, {
    error: 'must be an origin without a path, such as https://everydaehwa.net',
  }),
  TRUSTED_PROXIES: wholeNumber(0, 10).default(2),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export interface Config {
  readonly port: number;
  /** The name of this host, shown by the health check. */
  readonly instance: string;
  readonly database: DatabaseConfig;
  /** The one origin that may change anything, for example `https://everydaehwa.net`. */
  readonly siteOrigin: string;
  /** How many proxies of our own stand in front: the edge and the gateway. */
  readonly trustedProxies: number;
  readonly logLevel: z.infer<typeof Environment>['LOG_LEVEL'];
}

export interface DatabaseConfig {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole configuration once. `readFile` gives the text of a file: the password comes by file
 * (a systemd credential), because an environment is shown by `systemctl show` and inherited by children.
 * Throws ConfigError that lists everything wrong at once.
 */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const given = environment[name];
      return `  ${name}: ${given === undefined ? 'is not set' : `${issue.message}, but is ${JSON.stringify(given)}`}`;
    });
    throw new ConfigError(`The environment is not complete:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    instance: env.HOSTNAME,
    database: {
      host: env.DATABASE_HOST,
      port: env.DATABASE_PORT,
      name: env.DATABASE_NAME,
      user: env.DATABASE_USER,
      password: readPassword(env.DATABASE_PASSWORD_FILE, readFile),
    },
    siteOrigin: env.SITE_ORIGIN,
    trustedProxies: env.TRUSTED_PROXIES,
    logLevel: env.LOG_LEVEL,
  };
}

function readPassword(path: string, readFile: (path: string) => string): string {
  let password: string;
  try {
    password = readFile(path).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ConfigError(`DATABASE_PASSWORD_FILE: cannot read ${path}`, { cause });
  }
  if (password === '') throw new ConfigError(`DATABASE_PASSWORD_FILE: ${path} is empty`);
  return password;
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}
