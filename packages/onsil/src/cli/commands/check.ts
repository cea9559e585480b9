import type { NameSpace } from '../../reach/endpoint.ts';
import { UnknownEnd } from '../../reach/policy/ends.ts';
import { type Judgement, judge } from '../../reach/policy/judge.ts';
import type { StatedPolicy } from '../../reach/policy/policy.ts';
import { type Removable, removable, UnprovedError } from '../../reach/removable/removable.ts';
import { servicesText } from '../../reach/text/packets.ts';
import { changeText, nameOf, verdictText } from '../../reach/text/path.ts';
import { findingLines, policyText } from '../../reach/text/policy.ts';
import { needlessText, settingText, unwantedLines, wideLines } from '../../reach/text/removable.ts';
import { UsageError } from '../errors.ts';
import { style } from '../render/style.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type ModelOptions, modelOf } from './model.ts';

export interface CheckOptions extends ModelOptions {
  readonly allowUnknown?: boolean;
}

type Judged = Judgement<StatedPolicy>;

const WIDTH = 80;
/** Of one policy; the rest is in the JSON. */
const MOST_FINDINGS = 4;

/**
 * Prints whether each policy is kept, what breaks it, and what can be removed.
 * @returns 0 where all are kept, else 1
 */
export async function check(options: CheckOptions): Promise<number> {
  const { space, policies, warnings } = await modelOf(options);
  const judged = judgedOf(space, policies);
  const surplus = removableOf(space, policies);
  if (options.json === true) {
    console.log(JSON.stringify(jsonOf(space, judged, surplus)));
  } else {
    printWarnings(warnings);
    const sections = [
      ...policyLines(judged),
      ...breachLines(judged),
      ...removableLines(space, surplus),
      ...['', summary(judged, surplus)],
    ];
    for (const line of sections) console.log(line);
  }
  const bad = judged.filter(
    ({ verdict }) =>
      verdict === 'broken' || (verdict === 'unknown' && options.allowUnknown !== true),
  );
  return bad.length > 0 ? 1 : 0;
}

/**
 * The verdicts on policies do not depend on it: where a claim about rules is not borne out by its
 * own proof, none is made. @returns what went wrong, then
 */
function removableOf(space: NameSpace, policies: readonly StatedPolicy[]): Removable | string {
  try {
    return removable(space, policies);
  } catch (error) {
    if (error instanceof UnprovedError) return error.message;
    throw error;
  }
}

function judgedOf(space: NameSpace, policies: readonly StatedPolicy[]): readonly Judged[] {
  try {
    return judge(space, policies);
  } catch (error) {
    if (error instanceof UnknownEnd || error instanceof RangeError) {
      throw new UsageError(`The policies cannot be checked: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

const TITLES: readonly (readonly [StatedPolicy['origin'], string])[] = [
  ['any-vpc', 'What can be said of any VPC (the template names no policies)'],
  ['built-in', 'What holds for every service'],
  ['config', 'What the configuration says'],
];

const COLOURS = { kept: 'green', broken: 'red', unknown: 'yellow' } as const;

/** One sentence for each policy, under whose it is. */
function policyLines(judged: readonly Judged[]): readonly string[] {
  return TITLES.flatMap(([origin, title], index) => {
    const own = judged.filter(({ policy }) => policy.origin === origin);
    if (own.length === 0) return [];
    const before = TITLES.slice(0, index).some(([each]) =>
      judged.some(({ policy }) => policy.origin === each),
    );
    return [...(before ? [''] : []), title, ...own.flatMap(policyLine)];
  });
}

function policyLine({ policy, verdict, pairs }: Judged): readonly string[] {
  const nobody = pairs === 0 ? ' (concerns nobody)' : '';
  const [first = '', ...more] = wrap(policyText(policy) + nobody, WIDTH - 11, ' '.repeat(11));
  const word = style(process.stdout, COLOURS[verdict], verdict.padEnd(7));
  return [`  ${word}  ${first}`, ...more];
}

function breachLines(judged: readonly Judged[]): readonly string[] {
  return judged.flatMap(({ policy, verdict, findings }) => {
    if (verdict === 'kept') return [];
    const what = verdict === 'broken' ? 'Broken' : 'Cannot be told';
    const more = findings.length - MOST_FINDINGS;
    return [
      '',
      ...wrap(`${what}: ${policyText(policy)}`, WIDTH, '  '),
      ...(policy.why === undefined ? [] : wrap(`  since ${policy.why}`, WIDTH, '  ')),
      ...findings
        .slice(0, MOST_FINDINGS)
        .flatMap((finding) => findingLines(finding))
        .flatMap((line) => indented(line, '    ')),
      ...(more > 0 ? [`    and ${more} more: see --json`] : []),
    ];
  });
}

function removableLines(space: NameSpace, surplus: Removable | string): readonly string[] {
  const { region } = space.model;
  if (typeof surplus === 'string') {
    const text = `Which rules can be removed cannot be told: ${surplus}, tried on a copy. Please report the template.`;
    return ['', ...wrap(text, WIDTH)];
  }
  const { needless, unwanted, wide } = surplus;
  const section = (
    title: string,
    items: readonly (readonly [string, readonly string[]])[],
  ): readonly string[] =>
    items.length === 0
      ? []
      : [
          '',
          ...wrap(title, WIDTH),
          ...items.flatMap(([name, lines]) => [
            ...indented(name, '  '),
            ...lines.flatMap((line) => indented(line, '    ')),
          ]),
        ];
  return [
    ...section(
      'Needless: without all of these everything gets through as before (tried on a copy)',
      needless.map((each) => [settingText(region, each.setting), [needlessText(region, each)]]),
    ),
    ...section(
      'Can be removed: no policy wants what these let in, and all that one wants gets through without them (tried on a copy)',
      unwanted.map((each) => [settingText(region, each.setting), unwantedLines(space, each)]),
    ),
    ...section(
      'Wider than wanted: a group of their own would keep the others out',
      wide.map((each) => [settingText(region, each.setting), wideLines(space, each)]),
    ),
  ];
}

const indented = (line: string, by: string): readonly string[] =>
  wrap(by + line, WIDTH, `${by}${/^ */.exec(line)?.[0] ?? ''}  `);

function summary(judged: readonly Judged[], removed: Removable | string): string {
  const count = (kind: Judged['verdict']): number =>
    judged.filter(({ verdict }) => verdict === kind).length;
  const parts = [
    `${count('kept')} kept`,
    `${count('broken')} broken`,
    ...(count('unknown') > 0 ? [`${count('unknown')} cannot be told`] : []),
  ];
  const policies = judged.length === 1 ? '1 policy' : `${judged.length} policies`;
  const verdict = `${policies}: ${parts.join(', ')}.`;
  if (typeof removed === 'string') return verdict;
  const surplus = removed.needless.length + removed.unwanted.length;
  const rules = surplus === 1 ? '1 rule can be removed' : `${surplus} rules can be removed`;
  return `${verdict} ${rules}.`;
}

function jsonOf(space: NameSpace, judged: readonly Judged[], surplus: Removable | string) {
  const { region } = space.model;
  const names = (ids: readonly string[]): readonly string[] => ids.map((id) => nameOf(region, id));
  return {
    policies: judged.map(({ policy, verdict, pairs: held, findings }) => ({
      ...{ text: policyText(policy), verdict, pairs: held, policy },
      findings: findings.map(({ space: { model }, from, to, packets, outcome, way }) => ({
        ...(model.space.family === 'ipv6' ? { family: 'ipv6' } : {}),
        from: names(from),
        to: names(to),
        services: servicesText(packets),
        verdict: outcome.verdict,
        text: verdictText(region, outcome.verdict),
        forward: outcome.forward,
        return: outcome.back,
        ...(way === undefined
          ? {}
          : {
              changes: way.changes.map((each) => ({ ...each, text: changeText(region, each) })),
              proved: way.proved,
            }),
      })),
    })),
    removable: typeof surplus === 'string' ? { unproved: surplus } : removableJson(space, surplus),
  };
}

function removableJson(space: NameSpace, { needless, unwanted, wide }: Removable) {
  const { region } = space.model;
  const pairs = (all: Removable['wide'][number]['more']) =>
    all.map((each) => each.map((id) => nameOf(region, id)));
  return {
    needless: needless.map(({ setting, ...rest }) => ({
      ...{ text: settingText(region, setting), setting, reason: rest.reason },
      proof: needlessText(region, { setting, ...rest }),
    })),
    unwanted: unwanted.map((each) => ({
      text: settingText(region, each.setting),
      setting: each.setting,
      proof: unwantedLines(space, each),
    })),
    wide: wide.map(({ setting, wanted, more }) => ({
      text: settingText(region, setting),
      ...{ setting, wanted: pairs(wanted), more: pairs(more) },
    })),
  };
}
