/** What tests of several stages compare. */
import type { Model } from './model.ts';
import { reachability } from './reachability.ts';

/** What every interface reaches of every other, and of the Internet both ways, as text. */
export function matrixOf(model: Model): ReadonlyMap<string, string> {
  const matrix = reachability(model);
  const lines = new Map<string, string>();
  for (const from of matrix.classes) {
    for (const one of from.members) {
      const own = { ...from, members: [one], address: one.address };
      const port = model.ports.get(one.networkInterfaceId) ?? from.port;
      const name = `${one.networkInterfaceId} ${one.address}`;
      lines.set(`${name} out`, JSON.stringify(matrix.toInternet(own)));
      lines.set(`${name} in`, JSON.stringify(matrix.fromInternet({ ...own, port })));
      for (const to of matrix.classes) {
        const services = JSON.stringify(matrix.services(from, to));
        for (const other of to.members) {
          if (other.networkInterfaceId === one.networkInterfaceId) continue;
          lines.set(`${name} ${other.networkInterfaceId} ${other.address}`, services);
        }
      }
    }
  }
  return lines;
}
