import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';

const complete = {
  DATABASE_HOST: 'database.internal',
  DATABASE_NAME: 'everydaehwa',
  DATABASE_USER: 'api',
  DATABASE_PASSWORD_FILE: '/run/credentials/api.service/database-password',
  SITE_ORIGIN: 'https://everydaehwa.net',
};
const readFile = () => 'hunter2\n';

describe('parseConfig', () => {
  it('fills in the defaults and reads the password from its file', () => {
    expect(parseConfig({ ...complete, HOSTNAME: 'api-1' }, readFile)).toEqual({
      port: 8080,
      instance: 'api-1',
      database: {
        host: 'database.internal',
        port: 3306,
        name: 'everydaehwa',
        user: 'api',
        password: 'hunter2',
      },
      siteOrigin: 'https://everydaehwa.net',
      trustedProxies: 2,
      logLevel: 'info',
    });
  });

  it('lists everything that is wrong at once, with the values given', () => {
    const broken = { ...complete, DATABASE_HOST: undefined, PORT: '80a', SITE_ORIGIN: 'x' };
    expect(() => parseConfig(broken, readFile)).toThrow(
      [
        'The environment is not complete:',
        '  PORT: must be a whole number, but is "80a"',
        '  DATABASE_HOST: is not set',
        '  SITE_ORIGIN: must be an origin without a path, such as https://everydaehwa.net, but is "x"',
      ].join('\n'),
    );
  });

  it.each(['https://everydaehwa.net/', 'https://everydaehwa.net/path', 'everydaehwa.net'])(
    'refuses %s as the origin of the site',
    (SITE_ORIGIN) => {
      expect(() => parseConfig({ ...complete, SITE_ORIGIN }, readFile)).toThrow('SITE_ORIGIN');
    },
  );

  it('names the password file that it cannot read, and keeps the cause', () => {
    const cause = new Error('ENOENT');
    const failing = () => {
      throw cause;
    };
    expect(() => parseConfig(complete, failing)).toThrow(
      expect.objectContaining({
        message: `DATABASE_PASSWORD_FILE: cannot read ${complete.DATABASE_PASSWORD_FILE}`,
        cause,
      }),
    );
  });

  it('refuses an empty password', () => {
    expect(() => parseConfig(complete, () => '\n')).toThrow(ConfigError);
  });
});
