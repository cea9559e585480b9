import { asText, isMap } from '../../region/json.ts';
import { problem } from '../../region/problem.ts';
import type { Intrinsic } from './intrinsic.ts';

/** A macro is code that runs in AWS: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html */
export const transform: Intrinsic = ({ argument, path }) => {
  const name = asText(isMap(argument) ? (argument['Name'] ?? null) : argument);
  throw problem(
    path,
    `The macro ${name} is code that runs in AWS; it cannot be run here.`,
    'Give the template that the macro makes of this one.',
  );
};
