/** A program that connects its standard input and output to a host and a port. */
import { createConnection } from 'node:net';

const [host, port] = process.argv.slice(2);
const socket = createConnection({ host: host ?? '', port: Number(port) });
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  process.stdin.destroy();
});
process.stdin.pipe(socket);
socket.pipe(process.stdout);
