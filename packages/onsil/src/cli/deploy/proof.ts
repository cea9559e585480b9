/** The proof that a deploy shows: its policies, and what it changes of who reaches whom. */
import type { Deployed } from '../../aws/deployed.ts';
import { diff as compare } from '../../reach/diff/diff.ts';
import { breachLines, type Judged } from '../commands/check.ts';
import { reachabilityJson, reachabilityLines } from '../commands/diff.ts';
import { type Asked, modelOfRequest } from '../commands/model.ts';
import { style } from '../render/style.ts';
import { type ProjectStack, TEMPLATE_FILE } from '../stack-of.ts';
import type { Output } from './output.ts';

export const requestOf = (
  { service, template }: Pick<ProjectStack, 'service' | 'template'>,
  parameters: Readonly<Record<string, string>>,
) => ({
  ...{ lab: service.name, region: service.region },
  ...{ template, templateFile: TEMPLATE_FILE, parameters },
});

export function proofLines(judged: readonly Judged[]): readonly string[] {
  const count = (kind: Judged['verdict']): number =>
    judged.filter(({ verdict }) => verdict === kind).length;
  const kept = count('kept') === judged.length;
  const mark = kept ? style(process.stdout, 'green', '✓') : style(process.stdout, 'red', '✗');
  const unknown = count('unknown') > 0 ? `, ${count('unknown')} cannot be told` : '';
  return [
    `  ${mark} ${judged.length} policies: ${count('kept')} kept, ${count('broken')} broken${unknown}`,
    ...breachLines(judged),
  ];
}

/** What the deploy changes of who reaches whom, against the template that is deployed. */
export function reachabilityOf(
  { service }: ProjectStack,
  deployed: Deployed,
  after: Asked,
  out: Output,
): void {
  const before = modelOfRequest({
    ...{ lab: service.name, region: service.region, templateFile: 'the deployed template' },
    ...{ template: deployed.template, parameters: deployed.parameters },
  });
  const found = compare(before.space, after.space);
  out.section(
    'Reachability, against what is deployed',
    reachabilityLines(found).map((line) => (line === '' ? line : `  ${line}`)),
    { reachability: reachabilityJson(found) },
  );
}
