/** Fn::Join, Fn::Split, Fn::Base64, Fn::Length and Fn::ToJsonString. */
import { isList } from '../../region/json.ts';
import { problem } from '../../region/problem.ts';
import { NO_VALUE } from '../scope.ts';
import { argumentPath, argumentsOf, asText, type Intrinsic, listAt, textAt } from './intrinsic.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-join.html */
export const join: Intrinsic = (call) => {
  const [delimiter, values] = argumentsOf(call, 2, 2, '!Join [delimiter, [value, …]]');
  const path = argumentPath(call, 1);
  return listAt(call, values, path)
    .map((value, index) => asText(call, value, `${path}[${index}]`))
    .join(textAt(call, delimiter, argumentPath(call, 0)));
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-split.html */
export const split: Intrinsic = (call) => {
  const [delimiter, text] = argumentsOf(call, 2, 2, '!Split [delimiter, text]');
  const by = textAt(call, delimiter, argumentPath(call, 0));
  if (by === '') throw problem(argumentPath(call, 0), 'The delimiter is empty.');
  return textAt(call, text, argumentPath(call, 1)).split(by);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-base64.html */
export const base64: Intrinsic = (call) => {
  const bytes = new TextEncoder().encode(textAt(call, call.argument, argumentPath(call)));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-length.html */
export const length: Intrinsic = (call) => listAt(call, call.argument, argumentPath(call)).length;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ToJsonString.html */
export const toJsonString: Intrinsic = (call) => {
  const value = call.evaluate(call.argument, argumentPath(call));
  if (value !== NO_VALUE && (isList(value) || typeof value === 'object')) {
    return JSON.stringify(value);
  }
  throw problem(argumentPath(call), 'Fn::ToJsonString takes a map or a list.');
};
