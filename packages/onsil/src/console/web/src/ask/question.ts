/** A question in the address, in the form's fields, and as the server takes it. */
import type { Question, State } from '../../../api.ts';
import { isOutside } from '../kit/outside.ts';
import { firstOf, tcpPorts } from '../kit/services.ts';

export interface Fields {
  readonly from: string;
  readonly to: string;
  /** As typed: a number, `ping`, or empty: everything. */
  readonly port: string;
  readonly protocol: 'tcp' | 'udp';
  readonly isIpv6: boolean;
}

export function fieldsOf(query: URLSearchParams): Fields {
  const word = (key: string): string => query.get(key)?.trim() ?? '';
  return {
    ...{ from: word('from'), to: word('to'), port: word('port') },
    protocol: word('protocol') === 'udp' ? 'udp' : 'tcp',
    isIpv6: word('family') === 'ipv6',
  };
}

export const isFull = ({ from, to }: Fields): boolean => from.trim() !== '' && to.trim() !== '';

/** Undefined where the port is none. What goes without saying is left out. */
export function questionOf(fields: Fields): Question | undefined {
  const port = portOf(fields.port);
  if (port === undefined) return undefined;
  return {
    ...{ from: fields.from.trim(), to: fields.to.trim() },
    ...(port === '' ? {} : { port }),
    ...(typeof port === 'number' && fields.protocol === 'udp' ? { protocol: 'udp' } : {}),
    ...(fields.isIpv6 ? { family: 'ipv6' } : {}),
  };
}

function portOf(text: string): number | 'ping' | '' | undefined {
  const word = text.trim().toLowerCase();
  if (word === '' || word === 'ping') return word;
  const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** `tcp 3306`, `ping`; undefined: everything. */
export function serviceText({ port, protocol = 'tcp' }: Question): string | undefined {
  return typeof port === 'number' ? `${protocol} ${port}` : port;
}

/** Who can open a connection, or be sent one, by name. */
type Ends = Pick<State, 'machines'>;

/** Why no packet can be sent in the lab for it; undefined where one can. */
export function whyNotProved(question: Question, { machines }: Ends): NotProved | undefined {
  const { from, to, port, protocol = 'tcp', family } = question;
  if (typeof port !== 'number') return 'noPort';
  if (protocol !== 'tcp') return 'onlyTcp';
  if (family === 'ipv6' || to.includes(':')) return 'onlyIpv4';
  const isHost = (text: string): boolean =>
    isOutside(text) || machines.some(({ id, name }) => text === id || text === name);
  if (!isHost(from)) return 'noSender';
  return isHost(to) || /^\d+(\.\d+){3}$/.test(to) ? undefined : 'noReceiver';
}

export type NotProved = 'noPort' | 'onlyTcp' | 'onlyIpv4' | 'noSender' | 'noReceiver';

/** Questions worth asking of this very system: its entrance, what it keeps inside, its way out. */
export function examplesOf({ machines, arrows }: Pick<State, 'machines' | 'arrows'>) {
  const isMachine = (name: string): boolean => machines.some((each) => each.name === name);
  const known = arrows.filter(({ family }) => family === 'ipv4');
  const entrance = known.find(({ from, to }) => from === 'internet' && isMachine(to));
  const inside = innermost(known.filter(({ from, to }) => isMachine(from) && isMachine(to)));
  const out = known.find(({ from, to }) => from === inside?.to && to === 'internet');
  const asked = (arrow: State['arrows'][number]): Question => {
    const ports = tcpPorts(arrow.services);
    const first = ports.includes(443) ? { port: 443 } : firstOf(arrow.services);
    return { from: arrow.from, to: arrow.to, ...first };
  };
  return [
    ...(entrance === undefined ? [] : [asked(entrance)]),
    ...(inside === undefined ? [] : [{ ...inside, from: 'internet' }, inside]),
    ...(out === undefined ? [] : [asked(out)]),
  ];
}

/** The port that fewest machines have, and the last one that may use it: a database's, mostly. */
function innermost(arrows: State['arrows']): Question | undefined {
  const all = arrows.flatMap(({ from, to, services }) =>
    tcpPorts(services).map((port) => ({ from, to, port })),
  );
  const receivers = (port: number): number =>
    new Set(all.filter((each) => each.port === port).map(({ to }) => to)).size;
  const fewest = Math.min(...all.map(({ port }) => receivers(port)));
  return all.findLast(({ port }) => receivers(port) === fewest);
}
