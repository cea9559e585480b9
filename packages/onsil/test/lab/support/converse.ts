/**
 * A program that connects its standard input and output to a host and a port, from a
 * local port of its own choice or any.
 */
import { createConnection } from 'node:net';

const [host, port, localPort] = process.argv.slice(2);
const socket = createConnection({
  host: host ?? '',
  port: Number(port),
  ...(Number(localPort) > 0 ? { localPort: Number(localPort) } : {}),
});
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  process.stdin.destroy();
});
process.stdin.pipe(socket);
socket.pipe(process.stdout);
