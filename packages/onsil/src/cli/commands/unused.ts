import { ask } from '../../lab/daemon/client.ts';
import type { Usage } from '../../lab/daemon/usage.ts';
import { ruleNames } from '../../lab/decider-text.ts';
import type { Region } from '../../region/region.ts';
import { resolveLab } from '../project.ts';
import { renderTable } from '../render/table.ts';
import { requireRoot } from '../root.ts';
import { requireStatus } from './status.ts';

/** Lists the rules, entries and routes that no packet has used since the lab came up. */
export async function unused(options: {
  readonly lab?: string;
  readonly json?: boolean;
}): Promise<void> {
  requireRoot('check --unused');
  const lab = await resolveLab(options.lab);
  await requireStatus(lab);
  const [region, usage] = await Promise.all([
    ask<Region>(lab, 'GET /region'),
    ask<readonly Usage[]>(lab, 'GET /counters'),
  ]);
  if (options.json === true) console.log(JSON.stringify(unusedJson(region, usage)));
  else for (const line of unusedLines(region, usage)) console.log(line);
}

/** What was not used, with its ids. `inForce` is false where nothing in the lab asks it. */
export function unusedJson(region: Region, usage: readonly Usage[]) {
  return usage
    .filter(({ packets }) => packets === 0)
    .map(({ decider, inForce }) => {
      const [of, text] = ruleNames(region, decider);
      return { ...decider, of, text, inForce };
    });
}

export function unusedLines(region: Region, usage: readonly Usage[]): readonly string[] {
  const asked = usage.filter(({ inForce }) => inForce);
  const idle = asked.filter(({ packets }) => packets === 0);
  const others = usage.length - asked.length;
  const columns = [{ title: 'of' }, { title: 'unused since up', elastic: true }];
  const rows = idle.map(({ decider }) => ruleNames(region, decider));
  return [
    ...(idle.length === 0 ? [] : [...renderTable(columns, rows), '']),
    `${idle.length} of ${asked.length} rules, entries and routes have not been used since up.`,
    ...(others === 0
      ? []
      : [`${others} more are asked by nothing in this lab (no interface, or IPv6): see --json.`]),
  ];
}
