/** The first thing to be asked of what is reached: a port of `tcp 22, 80–90; udp 53`, or ping. */
export function firstPort(services: string): number | 'ping' | undefined {
  const tcp = /(?:^|; )tcp (\d+)/.exec(services)?.[1];
  if (tcp !== undefined) return Number(tcp);
  return /^icmp(?:v6)?\b/.test(services) && !services.includes('tcp') ? 'ping' : undefined;
}
