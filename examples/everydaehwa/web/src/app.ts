import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { isPage } from './pages.ts';

export interface Dependencies {
  /** The folder that Vite built the page into. */
  readonly root: string;
  /** The name of this host, shown by the health check. */
  readonly instance: string;
  readonly isDraining: () => boolean;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** https://owasp.org/www-project-secure-headers/. Strict-Transport-Security is the edge's, which has the TLS. */
const securityHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/** The server of the page: static files and nothing else. It listens nowhere: see server.ts. */
export function createApp({ root, instance, isDraining, log }: Dependencies): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    const start = performance.now();
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
    await next();
    c.header('Cache-Control', cacheControl(c.req.path, c.res.ok));
    // A connection that the edge keeps open would otherwise hold up the end of the process.
    if (isDraining()) c.header('Connection', 'close');
    if (c.req.path === '/healthz') return;
    const milliseconds = Math.round(performance.now() - start);
    const requestId = c.req.header('X-Request-Id');
    const { method, path } = c.req;
    log({ msg: 'request', requestId, method, path, status: c.res.status, milliseconds });
  });

  app.get('/healthz', (c) => {
    return isDraining()
      ? c.json({ status: 'draining', instance }, 503)
      : c.json({ status: 'ok', instance });
  });

  const page = serveStatic({ root, path: 'index.html', precompressed: true });
  app.get('/index.html', (c) => c.redirect('/', 308));
  app.get('*', (c, next) => (isPage(c.req.path) ? page(c, next) : next()));
  app.use('*', serveStatic({ root, precompressed: true }));

  app.notFound(async (c) => {
    // A person who mistyped gets the page, which says so; a missing file is just missing.
    const isFile = /\.[^/]*$/.test(c.req.path) || c.req.path.startsWith('/assets/');
    const wantsPage = c.req.method === 'GET' && c.req.header('Accept')?.includes('text/html');
    if (isFile || !wantsPage) return c.text('Not found\n', 404);
    return c.html(await readFile(join(root, 'index.html'), 'utf8'), 404);
  });
  return app;
}

function cacheControl(path: string, ok: boolean): string {
  if (path === '/healthz') return 'no-store';
  // Vite puts a hash of its content into the name of every file here: it never changes.
  return path.startsWith('/assets/') && ok ? 'public, max-age=31536000, immutable' : 'no-cache';
}
