import { stat } from 'node:fs/promises';
import { diff as compare, type Diff } from '../../reach/diff/diff.ts';
import { changeLines, hostLines, type ShownChange, shownChanges } from '../../reach/text/diff.ts';
import { UsageError } from '../errors.ts';
import { projectFolder } from '../project.ts';
import { style } from '../render/style.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type Asked, type ModelOptions, modelOf } from './model.ts';

export interface DiffOptions
  extends Pick<ModelOptions, 'param' | 'region' | 'stage' | 'app' | 'stack' | 'json'> {
  /** Of what is deployed: not for two sides that are named. */
  readonly lab?: string | true;
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
  const { app, stack, stage, lab: _lab, ...both } = options;
  if (newer === undefined && app === undefined && (await projectFolder()) === undefined) {
    throw new UsageError(
      `There is no configuration in ${process.cwd()} to compare ${older} with. ` +
        'Go to the folder of a service, or name the other side: onsil diff OLD NEW',
    );
  }
  await refuseIdle(older, newer, options);
  const { region: _, ...configured } = both;
  const own = {
    ...(app === undefined ? configured : { ...both, app }),
    ...(stack === undefined ? {} : { stack }),
    ...(stage === undefined ? {} : { stage }),
  };
  const before = await sideOf(older, both);
  const after = await (newer === undefined ? modelOf(own, STACK) : sideOf(newer, both));
  const found = compare(before.space, after.space);
  if (options.json === true) {
    console.log(JSON.stringify(reachabilityJson(found)));
  } else {
    for (const [file, { warnings }] of [
      [older, before],
      [newer ?? (app === undefined ? 'configuration' : 'app'), after],
    ] as const) {
      printWarnings(warnings, file);
    }
    for (const line of reachabilityLines(found)) console.log(line);
  }
  return options.failOnNewExposure === true && found.exposed.length > 0 ? 1 : 0;
}

/** Throws UsageError for an option that neither side would take: it would be left out in silence. */
async function refuseIdle(
  older: string,
  newer: string | undefined,
  { lab, app, stack, stage, param }: DiffOptions,
): Promise<void> {
  if (lab !== undefined) {
    const name = lab === true ? '' : ` ${lab}`;
    throw new UsageError(
      `--lab${name} is about what is deployed there, in place of ${older}: ` +
        `leave one of them out, as in onsil diff --lab${name}`,
    );
  }
  if (newer === undefined) return;
  for (const [name, value] of [
    ['--app', app],
    ['--stack', stack],
    ['--stage', stage],
  ] as const) {
    if (value === undefined) continue;
    const given = value === true ? name : `${name} ${value}`;
    throw new UsageError(`${given} names the new side, and so does ${newer}: give one of them.`);
  }
  const [first] = param;
  if (first !== undefined && (await isFolder(older)) && (await isFolder(newer))) {
    throw new UsageError(
      `--param ${first} is for a template, and ${older} and ${newer} are folders about accounts: ` +
        'leave it out.',
    );
  }
}

/** A folder is an account, a file a template. */
async function sideOf(path: string, options: Pick<DiffOptions, 'param'>): Promise<Asked> {
  return (await isFolder(path))
    ? modelOf({ ...options, param: [], describe: path })
    : modelOf({ ...options, template: path }, STACK);
}

/** Whoever reads it says what is wrong with a path that leads nowhere. */
function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Who reaches what that did not before, who no longer does, and the sum of it. */
export function reachabilityLines(found: Diff): readonly string[] {
  const sections = sectionsOf(found);
  return [...sections.flatMap(sectionLines), ...summary(found, sections)];
}

/** The same for programs. */
export function reachabilityJson(found: Diff): object {
  const { hosts } = found;
  const changes = sectionsOf(found).map(({ key, changes: all }) => [key, all] as const);
  return { hosts, ...Object.fromEntries(changes) };
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
