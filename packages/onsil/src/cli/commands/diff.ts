import { stat } from 'node:fs/promises';
import { diff as compare, type Diff } from '../../reach/diff/diff.ts';
import { changeLines, hostLines, type ShownChange, shownChanges } from '../../reach/text/diff.ts';
import { UsageError } from '../errors.ts';
import { projectFolder } from '../project.ts';
import { style } from '../render/style.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type Asked, type ModelOptions, modelOf } from './model.ts';

export interface DiffOptions extends Omit<ModelOptions, 'template'> {
  readonly failOnNewExposure?: boolean;
}

const WIDTH = 80;

/**
 * Prints what becomes reachable and what stops being so from one template to another one.
 * Each side is a template's file, or a folder of what `aws ec2 describe-…` printed.
 * @param newer absent: the folder's configuration
 * @returns 1 where something is newly exposed and that is to fail, else 0
 */
export async function diff(
  older: string,
  newer: string | undefined,
  options: DiffOptions,
): Promise<number> {
  if (newer === undefined && (await projectFolder()) === undefined) {
    throw new UsageError(
      `There is no configuration in ${process.cwd()} to compare ${older} with. ` +
        'Go to the folder of a service, or name the other side: onsil diff OLD NEW',
    );
  }
  const { region: _, ...rest } = options;
  const before = await sideOf(older, options);
  const after = await (newer === undefined ? modelOf(rest, STACK) : sideOf(newer, options));
  const found = compare(before.space, after.space);
  const sections = sectionsOf(found);
  if (options.json === true) {
    const { hosts } = found;
    const changes = sections.map(({ key, changes: all }) => [key, all] as const);
    console.log(JSON.stringify({ hosts, ...Object.fromEntries(changes) }));
  } else {
    for (const [file, { warnings }] of [
      [older, before],
      [newer ?? 'configuration', after],
    ] as const) {
      printWarnings(warnings, file);
    }
    for (const line of [...sections.flatMap(sectionLines), ...summary(found, sections)]) {
      console.log(line);
    }
  }
  return options.failOnNewExposure === true && found.exposed.length > 0 ? 1 : 0;
}

/** A folder is an account, a file a template. */
async function sideOf(path: string, options: DiffOptions): Promise<Asked> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder
    ? modelOf({ ...options, param: [], describe: path })
    : modelOf({ ...options, template: path }, STACK);
}

/** One name for both stacks, since names and addresses that AWS would make up depend on it. */
const STACK = 'compared';

interface Section {
  readonly key: 'exposed' | 'unexposed' | 'opened' | 'closed';
  readonly title: string;
  readonly colour: 'red' | 'green' | 'yellow';
  readonly sign: '+' | '-';
  readonly changes: readonly ShownChange[];
}

/** Exposure first: it is what a reviewer must not miss. */
function sectionsOf({ exposed, unexposed, opened, closed }: Diff): readonly Section[] {
  return [
    {
      ...{ key: 'exposed', title: 'Newly exposed to the outside', colour: 'red', sign: '+' },
      changes: shownChanges(exposed),
    },
    {
      ...{ key: 'unexposed', title: 'No longer exposed', colour: 'green', sign: '-' },
      changes: shownChanges(unexposed),
    },
    {
      ...{ key: 'opened', title: 'Becomes reachable', colour: 'yellow', sign: '+' },
      changes: shownChanges(opened),
    },
    {
      ...{ key: 'closed', title: 'Stops being reachable', colour: 'yellow', sign: '-' },
      changes: shownChanges(closed),
    },
  ];
}

function sectionLines({ title, colour, sign, changes }: Section): readonly string[] {
  if (changes.length === 0) return [];
  return [
    style(process.stdout, colour, title),
    ...changes.flatMap((change) =>
      changeLines(change).flatMap((line, index) => {
        const start = index === 0 ? `  ${sign} ` : '    ';
        return wrap(start + line, WIDTH, index === 0 ? '      ' : '        ');
      }),
    ),
    '',
  ];
}

function summary({ hosts }: Diff, sections: readonly Section[]): readonly string[] {
  const about = hostLines(hosts);
  const count = (wanted: Section['key']): number =>
    sections.find(({ key }) => key === wanted)?.changes.length ?? 0;
  const parts = [
    [count('exposed'), 'newly exposed'],
    [count('unexposed'), 'no longer exposed'],
    [count('opened'), 'opened'],
    [count('closed'), 'closed'],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  return [
    ...(about.length === 0
      ? []
      : ['Hosts', ...about.flatMap((line) => wrap(`  ${line}`, WIDTH, '    ')), '']),
    parts.length === 0 ? 'Nobody reaches more or less than before.' : `Paths: ${parts.join(', ')}.`,
  ];
}
