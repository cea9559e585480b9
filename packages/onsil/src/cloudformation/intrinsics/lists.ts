/** Fn::Select and Fn::GetAZs. */
import { problem } from '../../region/problem.ts';
import {
  argumentPath,
  argumentsOf,
  type Intrinsic,
  listAt,
  numberAt,
  textAt,
} from './intrinsic.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-select.html */
export const select: Intrinsic = (call) => {
  const [index, values] = argumentsOf(call, 2, 2, '!Select [index, [value, …]]');
  const list = listAt(call, values, argumentPath(call, 1));
  const wanted = numberAt(call, index, argumentPath(call, 0));
  const found = list[wanted];
  if (found !== undefined) return found;
  const last = list.length - 1;
  const allowed = list.length === 0 ? 'the list is empty' : `the list has 0 to ${last}`;
  throw problem(argumentPath(call, 0), `There is no entry ${wanted}: ${allowed}.`, undefined, {
    text: `Template error: Fn::Select cannot select nonexistent value at index ${wanted}`,
  });
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getavailabilityzones.html */
export const getAZs: Intrinsic = (call) => {
  const { argument, scope } = call;
  // `!GetAZs` with nothing behind it means this region, as `!GetAZs ''` does.
  const name = argument === null ? '' : textAt(call, argument, argumentPath(call));
  if (name === '' || name === scope.regionName) return [...scope.zones];
  if (!/^[a-z]{2}(-[a-z]+)+-[0-9]$/.test(name)) {
    throw problem(argumentPath(call), `"${name}" is not a region.`);
  }
  return ['a', 'b', 'c'].map((letter) => `${name}${letter}`);
};
