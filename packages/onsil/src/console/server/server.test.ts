import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Application, type Console, createConsole } from './server.ts';

/** What got through the guards. */
const served: string[] = [];
let clock = 0;
let port = 0;
let opened: Console;

beforeAll(async () => {
  opened = createConsole({
    port: () => port,
    now: () => clock,
    load: async () => ({
      answer: async ({ method }, response, { pathname }) => {
        served.push(`${method} ${pathname}`);
        response.end('secret');
      },
      upgrade: (_request, socket, _head, { pathname }) => {
        served.push(`socket ${pathname}`);
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      },
      warm: async () => {},
    }),
  });
  await new Promise<void>((resolve) => opened.server.listen(0, '127.0.0.1', resolve));
  port = (opened.server.address() as AddressInfo).port;
});
afterAll(() => {
  opened.server.close();
  opened.server.closeAllConnections();
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of another console. */
  readonly at?: number;
}

/** The answer's status, text and cookie; what a browser would not send is not sent. */
function ask({ path = '/api/state', method = 'GET', headers = {}, at = port }: Asked) {
  return new Promise<{ status: number; text: string; cookie: string; headers: object }>(
    (resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port: at, path, method, headers, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (each: string) => {
            text += each;
          });
          response.once('end', () =>
            resolve({
              ...{ status: response.statusCode ?? 0, text, headers: response.headers },
              cookie: response.headers['set-cookie']?.[0] ?? '',
            }),
          );
        },
      );
      outgoing.once('upgrade', (response, socket) => {
        socket.destroy();
        const none = { text: '', cookie: '', headers: {} };
        resolve({ status: response.statusCode ?? 0, ...none });
      });
      outgoing.once('error', reject);
      outgoing.end();
    },
  );
}

const pathOf = (url: string): string => url.slice(`http://127.0.0.1:${port}`.length);

async function session(): Promise<string> {
  const { cookie } = await ask({ path: pathOf(opened.open()) });
  return cookie.split(';')[0] ?? '';
}

const own = (): string => `http://127.0.0.1:${port}`;
const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };

describe('with a session', () => {
  test('the page, its calls and its terminal get through', async () => {
    const cookie = await session();
    served.length = 0;
    const same = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await ask({ path: '/', headers: { cookie, 'sec-fetch-site': 'none' } })).text).toBe(
      'secret',
    );
    expect((await ask({ headers: same })).text).toBe('secret');
    const change = { ...same, origin: own(), 'x-onsil-console': '1' };
    expect((await ask({ method: 'POST', headers: change })).text).toBe('secret');
    const socket = { ...same, ...upgrade, origin: own() };
    expect((await ask({ path: '/api/terminal', headers: socket })).status).toBe(101);
    expect(served).toEqual(['GET /', 'GET /api/state', 'POST /api/state', 'socket /api/terminal']);
  });

  const hostile: readonly (readonly [string, Asked, number])[] = [
    ['a foreign origin', { headers: { origin: 'https://evil.example' } }, 403],
    ['the origin of another port', { headers: { origin: 'http://127.0.0.1:1' } }, 403],
    ['an opaque origin', { headers: { origin: 'null' } }, 403],
    ['a name that leads here', { headers: { host: 'evil.example' } }, 421],
    ['a name with our port', { headers: { host: 'evil.example:PORT' } }, 421],
    ['an image of another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['an image of another port', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['a call from the address bar', { headers: { 'sec-fetch-site': 'none' } }, 403],
    ['a link on another page', { path: '/', headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['a change without our header', { method: 'POST', headers: { origin: 'OWN' } }, 403],
    ['a change without an origin', { method: 'POST', headers: { 'x-onsil-console': '1' } }, 403],
    ['a preflight', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }, 403],
    [
      'a socket of a foreign page',
      { headers: { ...upgrade, origin: 'https://evil.example' } },
      403,
    ],
    ['a socket without an origin', { headers: upgrade }, 403],
    [
      'a socket to a name that leads here',
      { headers: { ...upgrade, host: 'evil.example', origin: 'http://evil.example' } },
      421,
    ],
  ];
  test.each(hostile)('%s gets nothing', async (_name, asked, status) => {
    const cookie = await session();
    served.length = 0;
    const given = Object.entries({ ...asked.headers, cookie }).map(
      ([name, value]) => [name, value.replace('PORT', String(port)).replace('OWN', own())] as const,
    );
    const answer = await ask({ ...asked, headers: Object.fromEntries(given) });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('secret');
    expect(Object.keys(answer.headers)).not.toContain('access-control-allow-origin');
    expect(served).toEqual([]);
  });
});

describe('without a session', () => {
  test.each([
    ['no cookie', {}],
    ['a wrong cookie', { cookie: 'onsil-console-PORT=guess' }],
    ['an empty cookie', { cookie: 'onsil-console-PORT=' }],
  ])('%s gets nothing', async (_name, headers: Record<string, string>) => {
    served.length = 0;
    const given = Object.entries(headers).map(
      ([name, value]) => [name, value.replace('PORT', String(port))] as const,
    );
    for (const path of ['/', '/index.html', '/api/state', '/api/live']) {
      const answer = await ask({ path, headers: Object.fromEntries(given) });
      expect([answer.status, answer.cookie]).toEqual([401, '']);
    }
    const socket = { ...Object.fromEntries(given), ...upgrade, origin: own() };
    expect((await ask({ path: '/api/terminal', headers: socket })).status).toBe(401);
    expect(served).toEqual([]);
  });

  test("the session of another port's console gets nothing", async () => {
    const cookie = (await session()).replace(String(port), '1');
    expect((await ask({ headers: { cookie } })).status).toBe(401);
  });

  test('a token is good once', async () => {
    const path = pathOf(opened.open());
    const first = await ask({ path });
    expect([first.status, first.cookie]).toEqual([
      303,
      expect.stringContaining('HttpOnly; SameSite=Strict'),
    ]);
    const second = await ask({ path });
    expect([second.status, second.cookie]).toEqual([401, '']);
  });

  test('a token is good for two minutes, a session for twelve hours', async () => {
    const path = pathOf(opened.open());
    clock += 2 * 60_000;
    expect((await ask({ path })).status).toBe(401);
    const cookie = await session();
    clock += 12 * 3_600_000 - 1;
    expect((await ask({ headers: { cookie } })).status).toBe(200);
    clock += 1;
    expect((await ask({ headers: { cookie } })).status).toBe(401);
  });

  test.each(['/open', '/open?token=', '/open?token=guess'])('%s opens nothing', async (path) => {
    expect(await ask({ path })).toMatchObject({ status: 401, cookie: '' });
  });

  test('a token that another page would spend opens nothing, and stays good', async () => {
    const path = pathOf(opened.open());
    const crossed = await ask({ path, headers: { 'sec-fetch-site': 'cross-site' } });
    expect([crossed.status, crossed.cookie]).toEqual([403, '']);
    const rebound = await ask({ path, headers: { host: 'evil.example' } });
    expect([rebound.status, rebound.cookie]).toEqual([421, '']);
    expect((await ask({ path })).status).toBe(303);
  });
});

test('every answer forbids frames, scripts of others, guessing and keeping', async () => {
  const { headers } = await ask({});
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  });
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringMatching(/default-src 'none'; script-src 'self';/),
  });
});

describe('what answers is loaded when a session is opened', () => {
  /** @param loads what each attempt to load does */
  async function withLoads(
    loads: readonly (() => Promise<Pick<Application, 'warm'>>)[],
    use: (open: () => Promise<Asked>) => Promise<void>,
  ): Promise<number> {
    let attempts = 0;
    let at = 0;
    const other = createConsole({
      port: () => at,
      load: async () => {
        const load = loads[attempts];
        attempts += 1;
        const { warm } = (await load?.()) ?? { warm: async () => {} };
        return {
          answer: async (_request, response) => void response.end('answer'),
          upgrade: () => {},
          warm,
        };
      },
    });
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await new Promise<void>((resolve) => other.server.listen(0, '127.0.0.1', resolve));
    at = (other.server.address() as AddressInfo).port;
    try {
      await use(async () => {
        const { pathname, search } = new URL(other.open());
        const { cookie } = await ask({ path: pathname + search, at });
        return { headers: { cookie: cookie.split(';')[0] ?? '' }, at };
      });
    } finally {
      log.mockRestore();
      other.server.close();
      other.server.closeAllConnections();
    }
    return attempts;
  }
  const broken = async (): Promise<never> => {
    throw new Error('no such module');
  };

  test('and is asked for what the first view needs, once', async () => {
    const warm = vi.fn(async () => {});
    const loads = await withLoads([async () => ({ warm })], async (open) => {
      const asked = await open();
      expect((await ask(asked)).text).toBe('answer');
      expect(warm).toHaveBeenCalledTimes(1);
    });
    expect(loads).toBe(1);
  });

  test('anew by the next request, where that failed', async () => {
    const loads = await withLoads([broken, broken], async (open) => {
      const asked = await open();
      expect((await ask(asked)).status).toBe(500);
      expect(await ask(asked)).toMatchObject({ status: 200, text: 'answer' });
      expect(await ask(asked)).toMatchObject({ status: 200, text: 'answer' });
    });
    expect(loads).toBe(3);
  });

  test('and answers though what was asked in advance has failed', async () => {
    await withLoads([async () => ({ warm: broken })], async (open) => {
      expect(await ask(await open())).toMatchObject({ status: 200, text: 'answer' });
    });
  });
});
