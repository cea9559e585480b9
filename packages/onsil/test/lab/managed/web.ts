/**
 * A web server of a target: `node web.ts NAME PORT FOLDER`. It says who it is and what it was
 * asked; `/health` fails while FOLDER has a file of its name.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [, , name = '', port = '', folder = ''] = process.argv;

createServer((request, response) => {
  if (request.url === '/health') {
    response.writeHead(existsSync(join(folder, name)) ? 503 : 200).end();
    return;
  }
  const { url, headers } = request;
  const from = request.socket.remoteAddress;
  const answer = () => response.end(JSON.stringify({ name, url, headers, from }));
  if (url === '/slow') setTimeout(answer, 1500);
  else answer();
}).listen(Number(port), () => process.stdout.write('listening\n'));
