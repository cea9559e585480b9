/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-findinmap.html */
import { isMap, type Json } from '../../region/json.ts';
import { list, problem } from '../../region/problem.ts';
import { argumentPath, argumentsOf, type Intrinsic, textAt } from './intrinsic.ts';

const FORM = '!FindInMap [map, top-level key, second-level key]';

export const findInMap: Intrinsic = (call) => {
  const [mapName, first, second, options] = argumentsOf(call, 3, 4, FORM);
  const { mappings } = call.scope.template;
  // Only with the transform AWS::LanguageExtensions, but harmless without it.
  const fallback = isMap(options) ? options['DefaultValue'] : undefined;
  const keys = [mapName, first, second].map((key, index) =>
    textAt(call, key, argumentPath(call, index)),
  );
  let found: Json = mappings;
  for (const [index, key] of keys.entries()) {
    const next: Json | undefined = isMap(found) ? found[key] : undefined;
    if (next === undefined) {
      if (fallback !== undefined) {
        return call.evaluate(fallback, `${argumentPath(call, 3)}.DefaultValue`);
      }
      const what = ['mapping', 'top-level key', 'second-level key'][index];
      const known = list(isMap(found) ? Object.keys(found) : []);
      throw problem(
        argumentPath(call, index),
        `There is no ${what} "${key}"; there are ${known}.`,
        undefined,
        {
          text: `Template error: Unable to get mapping for ${keys.join('::')}`,
        },
      );
    }
    found = next;
  }
  return found;
};
