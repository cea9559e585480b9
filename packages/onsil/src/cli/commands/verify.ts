import { ask } from '../../lab/daemon/client.ts';
import type { RunningGuest } from '../../lab/daemon/guests.ts';
import { compile } from '../../reach/model.ts';
import type { Policy } from '../../reach/policy/policy.ts';
import type { Region } from '../../region/region.ts';
import { listenersOf } from '../../verify/listeners.ts';
import { servicesOfPolicies } from '../../verify/policies.ts';
import { questionsOf } from '../../verify/questions.ts';
import { randomNumbers } from '../../verify/random.ts';
import { type Report, verify as verifyLab } from '../../verify/verify.ts';
import { resolveLab } from '../project.ts';
import { fit } from '../render/table.ts';
import { requireRoot } from '../root.ts';
import { requireStatus } from './status.ts';

export interface VerifyOptions {
  readonly lab?: string;
  readonly json?: boolean;
  readonly seed?: number;
  /** Random services for each pair. */
  readonly random: number;
}

const WIDTH = 80;
const SHOWN = 20;

/** Sends real packets for all pairs and compares. @returns 1 where something disagreed */
export async function verify(options: VerifyOptions): Promise<number> {
  const lab = await resolveLab(options.lab);
  requireRoot('verify');
  await requireStatus(lab);
  const started = performance.now();
  const region = await ask<Region>(lab, 'GET /region');
  const guests = await ask<readonly RunningGuest[]>(lab, 'GET /guests');
  const policies = await ask<readonly Policy[]>(lab, 'GET /policies');
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const listeners = await Promise.all(guests.map(({ pid }) => listenersOf(pid)));
  const { probes, left } = questionsOf({
    region,
    running: new Set(guests.map(({ name }) => name)),
    services: [...listeners.flat(), ...servicesOfPolicies(policies)],
    randomServices: options.random,
    random: randomNumbers(seed),
  });
  const isTold = options.json !== true && process.stderr.isTTY === true;
  const report = await verifyLab({
    lab,
    model: compile(region),
    guests: new Map(guests.map(({ name, pid }) => [name, { pid }])),
    probes,
    left,
    onProgress: (sent) => {
      if (isTold) process.stderr.write(`\r${sent} of ${probes.length} packets\u001b[K`);
    },
  });
  if (isTold) process.stderr.write('\r\u001b[K');
  const seconds = Math.round(performance.now() - started) / 1000;
  if (options.json === true) console.log(JSON.stringify({ lab, seed, seconds, ...report }));
  else for (const line of linesOf(report, seed, seconds)) console.log(fit(line, WIDTH));
  return report.disagreed.length === 0 ? 0 : 1;
}

/** For people; every packet is in --json. */
export function linesOf(report: Report, seed: number, seconds: number): readonly string[] {
  const { sent, agreed, reachable, disagreed, open, notConclusive, left } = report;
  const count = (number: number): string => String(number).padStart(8);
  const blocked = agreed - reachable;
  return [
    `${sent} packets in ${seconds.toFixed(1)} s, seed ${seed}`,
    '',
    `${count(agreed)}  agreed: ${reachable} reachable, ${blocked} blocked`,
    `${count(disagreed.length)}  disagreed`,
    `${count(open)}  open: AWS does not say what happens`,
    `${count(notConclusive.length)}  not conclusive`,
    ...disagreed
      .slice(0, SHOWN)
      .flatMap(({ probe, expected, seen }) => [
        '',
        `${probe.from} → ${probeText(probe)}`,
        `  reach  ${expected}`,
        `  lab    ${seen}`,
      ]),
    ...(disagreed.length > SHOWN ? ['', `and ${disagreed.length - SHOWN} more: see --json`] : []),
    ...grouped(
      'Not conclusive',
      notConclusive.map(({ probe: { from, destination }, reason }) => {
        return { from, to: destination, reason };
      }),
    ),
    ...grouped('Not sent', left),
  ];
}

/** Pairs with the same reason together. */
function grouped(
  title: string,
  pairs: readonly { readonly from: string; readonly to: string; readonly reason: string }[],
): readonly string[] {
  if (pairs.length === 0) return [];
  const byReason = Map.groupBy(pairs, ({ reason }) => reason);
  return [
    '',
    title,
    ...[...byReason].flatMap(([reason, each]) => {
      const names = new Set(each.map(({ from, to }) => `${from} → ${to}`));
      const [first] = names;
      const more = names.size - 1;
      const others = more === 0 ? '' : ` and ${more} other ${more === 1 ? 'pair' : 'pairs'}`;
      return [`  ${first}${others}:`, `    ${reason}`];
    }),
  ];
}

function probeText({
  protocol,
  source,
  destination,
  sourcePort,
  destinationPort,
}: Report['disagreed'][number]['probe']): string {
  const name = { 1: 'icmp', 6: 'tcp', 17: 'udp' }[protocol] ?? `protocol ${protocol}`;
  const port = name === 'icmp' ? '' : `:${destinationPort}`;
  return `${destination}${port} ${name}, from ${source}:${sourcePort}`;
}
