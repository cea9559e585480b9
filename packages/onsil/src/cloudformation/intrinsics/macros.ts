import { asText, isList, isMap, type Json, type JsonMap } from '../../region/json.ts';
import { gather, type ProblemsError, problem } from '../../region/problem.ts';
import type { Intrinsic } from './intrinsic.ts';

/** A macro is code that runs in AWS: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html */
export const transform: Intrinsic = ({ argument, path }) => {
  throw macroAt(path, argument);
};

/**
 * Refuses a template that names a macro anywhere: it may stand in the place of properties, of
 * resources or of a whole section. Throws ProblemsError with all of them.
 */
export function checkMacros(root: JsonMap): void {
  gather(macrosIn(root, ''), ({ path, argument }) => {
    throw macroAt(path, argument);
  });
}

function macrosIn(value: Json, path: string): readonly { path: string; argument: Json }[] {
  if (isList(value)) return value.flatMap((item, index) => macrosIn(item, `${path}[${index}]`));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'Fn::Transform'
      ? [{ path, argument: item }]
      : macrosIn(item, path === '' ? key : `${path}.${key}`),
  );
}

function macroAt(path: string, argument: Json): ProblemsError {
  const name = asText(isMap(argument) ? (argument['Name'] ?? null) : argument);
  return problem(
    path,
    `The macro ${name} is code that runs in AWS; it cannot be run here.`,
    'Give the template that the macro makes of this one.',
  );
}
