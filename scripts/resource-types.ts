/**
 * Writes docs/resource-types.md: what of each resource type is real, recorded or rejected. Of the
 * types that the region knows, the properties are those of AWS's published specification; what the
 * type does with each is what `createResource` goes by.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import type { ResourceType } from '../packages/onsil/src/region/resources/resource-type.ts';
import { resourceTypes } from '../packages/onsil/src/region/resources/resource-types.ts';

export const PAGE = fileURLToPath(new URL('../docs/resource-types.md', import.meta.url));

const HEAD = `# Resource types

Written by \`node scripts/resource-types.ts\` from the code; do not edit.

* **real**: has its effect in the region, in \`reach\` and, where the lab runs it, in packets; or is
  what \`Ref\` and \`Fn::GetAtt\` give.
* **recorded**: kept, without any effect here, and not worth a word.
* **named**: without effect, and \`up\`, \`reach\` and \`check\` say so in a warning, by its path.
* **rejected**: whoever gives it is told that it cannot be.

A type that is not in these tables is recorded as a whole and named: "is not modelled: it is
recorded, not run". So are custom resources. A template that needs a macro is refused by its name;
\`AWS::LanguageExtensions\` is understood.
`;

/** Properties of a type by AWS's specification; nothing for one that it does not have. */
export type PropertiesOf = (type: string) => readonly string[] | undefined;

export async function specification(): Promise<PropertiesOf> {
  const database = await loadAwsServiceSpec();
  return (type) => {
    const [found] = database.lookup('resource', 'cloudFormationType', 'equals', type);
    return found === undefined ? undefined : Object.keys(found.properties).toSorted();
  };
}

/** The whole page. */
export function pageOf(types: readonly ResourceType[], propertiesOf: PropertiesOf): string {
  const sorted = types.toSorted((a, b) => (a.type < b.type ? -1 : 1));
  const whole = sorted.filter(({ properties }) => properties === undefined);
  const loud = whole.filter(({ recorded }) => recorded === true);
  const quiet = whole.filter(({ recorded }) => recorded === 'quiet');
  return [
    HEAD,
    '## Types that are made\n',
    ...sorted
      .filter(({ properties }) => properties !== undefined)
      .map((type) => sectionOf(type, propertiesOf(type.type) ?? [])),
    '## Types that are recorded as a whole\n',
    'With the values of `Ref` and `Fn::GetAtt` in the form that AWS documents, and named in a warning:\n',
    `${codes(loud.map(({ type }) => type))}.\n`,
    'Without a word, since they change nothing that is shown here:\n',
    `${codes(quiet.map(({ type }) => type))}.\n`,
  ].join('\n');
}

function sectionOf({ type, recorded, properties }: ResourceType, all: readonly string[]): string {
  const { real = [], recorded: quiet = [], rejected = [] } = properties ?? {};
  const named = all.filter((name) => ![...real, ...quiet, ...rejected].includes(name));
  const rows = [
    ['real', real],
    ['recorded', quiet],
    ['named', named],
    ['rejected', rejected],
  ] as const;
  const note = recorded === true ? ' (kept, not run)' : '';
  return [
    `### ${type}${note}\n`,
    '| | properties |\n| --- | --- |',
    ...rows.flatMap(([how, names]) =>
      names.length === 0 ? [] : [`| ${how} | ${codes(names.toSorted())} |`],
    ),
    '',
  ].join('\n');
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

if (import.meta.main)
  await writeFile(PAGE, pageOf([...resourceTypes.values()], await specification()));
