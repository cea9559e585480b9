/** Plain sockets that listen in a network namespace: what a service is to the network. */
import { closeSync } from 'node:fs';
import type { NamespaceReference } from '../fabric/namespace.ts';
import { inNamespace } from '../system-calls.ts';
import { answerTo, type Probe } from './packet.ts';
import { answerDatagrams, openDatagrams, openListener } from './sockets.ts';

export interface Listener {
  /** 6 for TCP, 17 for UDP. */
  readonly protocol: 6 | 17;
  /** IPv4, of the namespace: answers come from it. */
  readonly address: string;
  readonly port: number;
}

const UDP = 17;

/** TCP is answered by the kernel; UDP whenever `answer` is called. */
export class Listeners {
  readonly #streams: number[] = [];
  readonly #datagrams = new Map<string, number>();
  /** Of whose datagrams a tap has told: the socket itself may get them a moment later. */
  readonly #expected = new Set<number>();

  /** Throws SystemCallError where a port is taken or there is no such address. */
  constructor(namespace: NamespaceReference, listeners: readonly Listener[]) {
    try {
      inNamespace(namespace, () => {
        for (const { protocol, address, port } of listeners) {
          if (protocol !== UDP) this.#streams.push(openListener(address, port));
          else this.#datagrams.set(`${address} ${port}`, openDatagrams(address, port));
        }
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @returns whether a socket answers the datagram, which is here already or nearly */
  expect({ protocol, destination, destinationPort }: Probe): boolean {
    const fd =
      protocol === UDP ? this.#datagrams.get(`${destination} ${destinationPort}`) : undefined;
    if (fd !== undefined) this.#expected.add(fd);
    return fd !== undefined;
  }

  answer(): void {
    for (const fd of this.#expected) {
      if (answerDatagrams(fd, answerTo) > 0) this.#expected.delete(fd);
    }
  }

  close(): void {
    for (const fd of [...this.#streams, ...this.#datagrams.values()]) closeSync(fd);
  }
}
