/**
 * A program that listens on the ports (or `address:port`s) of its arguments inside a namespace.
 * Each connection is told its remote address and port in one line; everything it says comes back.
 */
import { createServer } from 'node:net';

const listening = process.argv.slice(2).map((argument) => {
  const [port, host = '0.0.0.0'] = argument.split(':').toReversed();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(`${socket.remoteAddress} ${socket.remotePort}\n`);
    socket.pipe(socket);
  });
  return new Promise((resolve) => server.listen(Number(port), host, () => resolve(port)));
});
await Promise.all(listening);
process.stdout.write('ready\n');
