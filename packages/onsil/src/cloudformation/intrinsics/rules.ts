/** Fn::Contains, Fn::EachMemberEquals and Fn::EachMemberIn, which only rules may use. */
import { isList, type Json } from '../../region/json.ts';
import { argumentPath, argumentsOf, type Call, type Intrinsic, listAt } from './intrinsic.ts';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html

export const contains: Intrinsic = (call) => {
  const [members, value] = argumentsOf(call, 2, 2, 'Fn::Contains: [[value, …], value]');
  const wanted = textsAt(call, value, 1);
  const known = textsAt(call, members, 0);
  return wanted.every((each) => known.includes(each));
};

export const eachMemberEquals: Intrinsic = (call) => {
  const [members, value] = argumentsOf(call, 2, 2, 'Fn::EachMemberEquals: [[value, …], value]');
  const [wanted] = textsAt(call, value, 1);
  return textsAt(call, members, 0).every((each) => each === wanted);
};

export const eachMemberIn: Intrinsic = (call) => {
  const [members, allowed] = argumentsOf(call, 2, 2, 'Fn::EachMemberIn: [[value, …], [value, …]]');
  const known = listAt(call, allowed, argumentPath(call, 1)).map(String);
  return textsAt(call, members, 0).every((each) => known.includes(each));
};

function textsAt(call: Call, value: Json | undefined, index: number): readonly string[] {
  const result = call.evaluate(value ?? null, argumentPath(call, index));
  return (typeof result !== 'symbol' && isList(result) ? result : [result]).map(String);
}
