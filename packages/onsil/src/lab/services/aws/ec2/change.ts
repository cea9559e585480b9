/** How calls change the region: in one step, by the same code that makes resources of templates. */
import { hashOf } from '../../../../region/hash.ts';
import type { JsonMap } from '../../../../region/json.ts';
import { type Problem, ProblemsError } from '../../../../region/problem.ts';
import type { Region } from '../../../../region/region.ts';
import { Properties } from '../../../../region/resources/properties.ts';
import type {
  Created,
  ResourceContext,
  ResourceType,
} from '../../../../region/resources/resource-type.ts';
import type { Call } from '../operation.ts';
import { badValue } from './describe.ts';

/** What a template would make of the properties. Throws InvalidParameterValue with what is wrong. */
export function made(
  region: Region,
  type: ResourceType,
  properties: Readonly<Record<string, string | undefined>>,
): Created {
  const given = Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
  const context: ResourceContext = {
    ...{ account: region.account, regionName: region.name, stackName: '', secret: '' },
    // The id of what is made follows from what it is made of.
    logicalId: hashOf(type.type, JSON.stringify(given)),
  };
  return checked((problems) =>
    type.create(region, new Properties(given as JsonMap, '', problems), context),
  );
}

/** What would only be warned of in a template is refused here: nobody would see the warning. */
export function checked<T>(work: (problems: Problem[]) => T): T {
  const problems: Problem[] = [];
  try {
    const result = work(problems);
    if (problems.length === 0) return result;
    throw new ProblemsError(problems);
  } catch (cause) {
    if (!(cause instanceof ProblemsError)) throw cause;
    const words = cause.problems.map(({ path, message, hint = '' }) =>
      `${path.replace(/^\./, '')}: ${message} ${hint}`.replace(/^: /, '').trim(),
    );
    const error = badValue(words.join(' '));
    error.cause = cause;
    throw error;
  }
}

/** Changes the lab; the step's other result is what it says of the region that it found. */
export async function change<T>(
  { context }: Call,
  step: (region: Region) => { readonly region: Region; readonly result: T },
): Promise<T> {
  const results: T[] = [];
  await context.control.change((now) => {
    const { region, result } = step(now);
    results.splice(0, results.length, result);
    return region;
  });
  const [result] = results;
  if (results.length === 0) throw new Error('The change was not made.');
  return result as T;
}
