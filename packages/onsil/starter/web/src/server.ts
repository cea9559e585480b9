/** The web server: everything but /api, which are the files of public/. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const port = Number(process.env['PORT'] ?? 3000);

/** By path. What is not in here is not served, whatever lies in the folder. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://web');
  const found = FILES[pathname];
  if (found === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    return;
  }
  const [file, type] = found;
  readFile(join(import.meta.dirname, 'public', file)).then(
    (content) => {
      const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
      response.end(request.method === 'HEAD' ? undefined : content);
    },
    (error: unknown) => {
      console.error(error);
      response.writeHead(500, { 'content-type': 'text/plain' }).end('It does not work just now\n');
    },
  );
});

// Longer than nginx keeps an idle connection, or a request would now and then meet a closed one.
server.keepAliveTimeout = 75_000;
server.listen(port, () => console.log(`listening on ${port}`));

/** A new release comes by a restart: requests in flight are finished first. */
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
});
