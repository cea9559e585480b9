import { list, problem } from '../../region/problem.ts';
import { argumentPath, type Intrinsic, textAt } from './intrinsic.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-importvalue.html */
export const importValue: Intrinsic = (call) => {
  const name = textAt(call, call.argument, argumentPath(call));
  const { exports, imported } = call.scope;
  const value = exports[name];
  imported?.(name);
  if (value !== undefined) return value;
  throw problem(
    argumentPath(call),
    `No export named ${name} found; exported are ${list(Object.keys(exports))}.`,
    'Create the stack that exports it first.',
  );
};
