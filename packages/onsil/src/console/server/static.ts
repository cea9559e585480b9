/** The files of the page, as Vite built them. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

/** Where `console/build.ts` puts the page. */
export const PAGE = join(import.meta.dirname, '../web/dist');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Nothing but what Vite makes: a name, in the root or in its folder of assets. */
const PATH = /^\/(?:assets\/)?[\w-][\w.-]*$/;

/** Views have paths of their own (`/hosts/api-1`): what is no file is the page. */
export async function servePage(
  response: ServerResponse,
  path: string,
  folder = PAGE,
): Promise<void> {
  const isFile = PATH.test(path) && TYPES[extname(path)] !== undefined;
  const name = isFile ? path : '/index.html';
  try {
    const body = await readFile(join(folder, name));
    response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'text/plain' });
    response.end(body);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      isFile ? 'There is no such file.\n' : 'The page is not built: npx onsil console\n',
    );
  }
}
