/** What the server calls services, read: `tcp 80, 443; udp 53; icmp type 8`. */

type Range = readonly [first: number, last: number];

interface Part {
  /** `tcp`, `icmp type`, `protocol`. */
  readonly name: string;
  /** Empty: all of it. */
  readonly ranges: readonly Range[];
}

const BUT = 'everything but ';

/** What follows `everything but` is read as well: whoever calls knows. */
function partsOf(services: string): readonly Part[] {
  return services
    .replace(BUT, '')
    .split('; ')
    .map((text) => {
      const [, name = text, numbers = ''] = /^(.*?)(?: (\d[\d–, ]*))?$/.exec(text) ?? [];
      const ranges = numbers.split(', ').filter((each) => each !== '');
      return { name, ranges: ranges.map(rangeOf) };
    });
}

function rangeOf(text: string): Range {
  const [first = 0, last = first] = text.split('–').map(Number);
  return [first, last];
}

const holds = ({ ranges }: Part, port: number): boolean =>
  ranges.length === 0 || ranges.some(([first, last]) => first <= port && port <= last);

/** Whether a port of tcp or udp is among them. */
export function hasPort(services: string, port: number): boolean {
  if (services === 'everything') return true;
  const parts = partsOf(services);
  if (!services.startsWith(BUT)) {
    return parts.some((part) => /^(tcp|udp)$/.test(part.name) && holds(part, port));
  }
  return ['tcp', 'udp'].some(
    (name) => !parts.some((each) => each.name === name && holds(each, port)),
  );
}

/** The tcp ports that are named one by one. */
export function tcpPorts(services: string): readonly number[] {
  if (services.startsWith(BUT)) return [];
  return partsOf(services)
    .filter(({ name }) => name === 'tcp')
    .flatMap(({ ranges }) => ranges.flatMap(([first, last]) => (first === last ? [first] : [])));
}

/** What to ask about first: a port, ping, or everything. */
export function firstOf(services: string): {
  readonly port?: number | 'ping';
  readonly protocol?: 'udp';
} {
  if (services.startsWith('everything')) return {};
  for (const { name, ranges } of partsOf(services)) {
    const port = Math.max(1, ranges[0]?.[0] ?? 1);
    if (name === 'tcp' && ranges.length > 0) return { port };
    if (name === 'udp' && ranges.length > 0) return { port, protocol: 'udp' };
    const echo =
      /^icmp(v6)? type$/.test(name) && holds({ name, ranges }, name.includes('6') ? 128 : 8);
    if (echo || /^icmp(v6)?$/.test(name)) return { port: 'ping' };
  }
  return {};
}

const MOST = 2;

/** For a narrow cell: the first ports as they are written, and how many things more there are. */
export function shortOf(services: string): { readonly text: string; readonly more: number } {
  const [first = '', ...others] = services.split('; ');
  const ports = first.replace(/^tcp (?=\d)/, '').split(', ');
  const text = ports.slice(0, MOST).join(', ');
  return { text, more: Math.max(0, ports.length - MOST) + others.length };
}
