/**
 * What the model says of a region, in the shapes of the page, without the shell lines: those are
 * the lab's. Pure: it runs in a worker.
 */

import type { Scene } from '../../diagram/scene.ts';
import { type SceneOptions, sceneOf } from '../../diagram/scene-of.ts';
import { endpointOf, type NameSpace, namesIn } from '../../reach/endpoint.ts';
import type { Hop } from '../../reach/hop.ts';
import { type Row, rowsOf } from '../../reach/matrix.ts';
import { compile } from '../../reach/model.ts';
import type { NotModelled } from '../../reach/not-modelled.ts';
import { isEmpty } from '../../reach/packet-set/packet-set.ts';
import { judge } from '../../reach/policy/judge.ts';
import type { StatedPolicy } from '../../reach/policy/policy.ts';
import { type Removable, removable, UnprovedError } from '../../reach/removable/removable.ts';
import { servicesText } from '../../reach/text/packets.ts';
import { changeText, hopText, nameOf, verdictText } from '../../reach/text/path.ts';
import { policyText } from '../../reach/text/policy.ts';
import { needlessText, settingText, unwantedLines } from '../../reach/text/removable.ts';
import { type Endpoint, trace } from '../../reach/trace/trace.ts';
import { askNamed } from '../../reach/why/ask-named.ts';
import { targetOf } from '../../reach/why/target.ts';
import type { Region } from '../../region/region.ts';
import type { Answer, Arrow, Host, Matrix, MatrixRow, Policies, Question } from '../api.ts';

/** A question that cannot be answered as it was put: the page shows the sentence. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';
}

/** All that answers depend on; it can be sent to a worker. */
export interface Ground {
  readonly region: Region;
  readonly notModelled: readonly NotModelled[];
  readonly administrator?: string;
  readonly policies: readonly StatedPolicy[];
}

const STOPS = { forward: 'forward', return: 'back' } as const;

/** What a picture says besides the region. */
export type Prices = Pick<SceneOptions, 'title' | 'usd' | 'cost'>;

/** One region with what was worked out of it. */
export class Answers {
  readonly #ground: Ground;
  readonly #space: NameSpace;
  #rows: readonly Row[] | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
    const { region, notModelled, administrator } = ground;
    this.#space = {
      model: compile(region, 'ipv4', { notModelled }),
      ...(administrator === undefined ? {} : { administrator }),
    };
  }

  /** The same answer as `onsil why --json` gives. Throws QuestionError. */
  ask(question: Question): Omit<Answer, 'commands'> {
    const target = targetOf(targetText(question), question.family, question.from);
    if (target === undefined) {
      throw new QuestionError(`${JSON.stringify(targetText(question))} is no target.`);
    }
    const asked = askNamed(this.#space, question.from, target, requireEnd);
    const { region } = asked.space.model;
    const { verdict, outcomes } = asked.answer;
    const lines = (hops: readonly Hop[]) =>
      hops.map((hop) => ({
        text: hopText(region, hop),
        decides: hop.kind === 'security-group',
      }));
    return {
      question,
      verdict,
      outcomes: outcomes.map(({ packets, verdict: each, forward, back }) => ({
        services: servicesText(packets),
        text: verdictText(region, each),
        reachable: each.kind === 'reachable',
        stops: each.kind === 'reachable' ? null : STOPS[each.way],
        forward: lines(forward),
        back: lines(back),
      })),
      ...(asked.way === undefined
        ? {}
        : {
            fix: {
              proved: asked.way.proved,
              changes: asked.way.changes.map((each) => ({ text: changeText(region, each) })),
            },
          }),
    };
  }

  matrix(): Omit<Matrix, 'commands'> {
    const rows = this.#all().filter(({ services }) => !isEmpty(services));
    const shown = rows.map(rowOf);
    return {
      names: namesIn(this.#space),
      rows: shown,
      internet: shown.filter(({ from }) => from === 'internet'),
    };
  }

  arrows(): readonly Arrow[] {
    return this.matrix().rows.filter(({ unknown }) => unknown === undefined);
  }

  scene(prices: Prices): Scene {
    const { region, administrator } = this.#ground;
    const own = administrator === undefined ? {} : { administrator };
    return sceneOf(region, this.#all(), { ...prices, ...own });
  }

  host(name: string): Pick<Host, 'reachedBy' | 'reaches'> {
    requireEnd(this.#space, name);
    const rows = this.arrows();
    const decided = (row: Arrow) => ({ ...row, decidedBy: this.#decidedBy(row) });
    return {
      reachedBy: rows.filter(({ to }) => to === name).map(decided),
      reaches: rows.filter(({ from }) => from === name).map(decided),
    };
  }

  policies(): Omit<Policies, 'commands'> {
    const judged = judge(this.#space, this.#ground.policies);
    const { region } = this.#space.model;
    const names = (ids: readonly string[]) => ids.map((id) => nameOf(region, id));
    return {
      policies: judged.map(({ policy, verdict, findings }) => ({
        ...{ text: policyText(policy), origin: policy.origin, verdict },
        why: policy.why ?? null,
        findings: findings.map(({ from, to, packets, outcome }) => ({
          ...{ from: names(from), to: names(to), services: servicesText(packets) },
          text: verdictText(region, outcome.verdict),
        })),
      })),
      removable: this.#removable(),
    };
  }

  /** What policies are broken, a sentence each. */
  broken(): readonly string[] {
    return judge(this.#space, this.#ground.policies)
      .filter(({ verdict }) => verdict === 'broken')
      .map(({ policy }) => policyText(policy));
  }

  #all(): readonly Row[] {
    this.#rows ??= rowsOf(this.#space);
    return this.#rows;
  }

  /** Rules of security groups on the way there. */
  #decidedBy({ from, to, family }: Arrow): readonly string[] {
    const ends = [endpointOf(this.#space, from), endpointOf(this.#space, to)] as const;
    if (family !== 'ipv4' || !isEnd(ends[0]) || !isEnd(ends[1])) return [];
    const { model } = this.#space;
    const hops = trace(model, { from: ends[0], to: ends[1] })
      .filter(({ verdict }) => verdict.kind === 'reachable')
      .flatMap(({ forward }) => forward.filter(({ kind }) => kind === 'security-group'));
    return [...new Set(hops.map((hop) => hopText(model.region, hop)))];
  }

  #removable(): Policies['removable'] {
    const { region } = this.#space.model;
    let found: Removable;
    try {
      found = removable(this.#space, this.#ground.policies);
    } catch (error) {
      if (error instanceof UnprovedError) return null;
      throw error;
    }
    return {
      needless: found.needless.map((each) => ({
        text: settingText(region, each.setting),
        proof: [needlessText(region, each)],
      })),
      unwanted: found.unwanted.map((each) => ({
        text: settingText(region, each.setting),
        proof: unwantedLines(this.#space, each),
      })),
    };
  }
}

function rowOf({ from, to, family, services, sources, depends }: Row): MatrixRow {
  return {
    ...{ from, to, family: family ?? 'ipv4', services: servicesText(services) },
    ...(sources === undefined || sources === 'anybody' ? {} : { sources }),
    ...(depends === undefined ? {} : { unknown: depends }),
  };
}

/** As the command line has it: `database:3306`, `dns:53/udp`. */
export function targetText({ to, port, protocol = 'tcp' }: Question): string {
  if (port === undefined) return to;
  const end = /:.*:/.test(to) ? `[${to}]` : to;
  return `${end}:${port}${protocol === 'udp' && port !== 'ping' ? '/udp' : ''}`;
}

/** What is written behind `why`. */
export const whyWords = (question: Question): readonly string[] => [
  ...[question.from, targetText(question)],
  ...(question.family === undefined ? [] : ['--ipv6']),
];

const isEnd = (end: ReturnType<typeof endpointOf>): end is Endpoint => !('unknown' in end);

function requireEnd(space: NameSpace, text: string): Endpoint {
  const found = endpointOf(space, text);
  if (isEnd(found)) return found;
  const names = found.nearest.length > 0 ? found.nearest : namesIn(space);
  throw new QuestionError(
    `There is nothing called ${JSON.stringify(text)}. There are: ${names.join(', ')}.`,
  );
}
