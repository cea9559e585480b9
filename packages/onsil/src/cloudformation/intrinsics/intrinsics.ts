/** Every function by the name of its long form. A new one is a file here and a line below. */
import { cidr } from './cidr.ts';
import { and, condition, equals, fnIf, not, or } from './conditions.ts';
import { findInMap } from './find-in-map.ts';
import { importValue } from './import-value.ts';
import type { Intrinsic } from './intrinsic.ts';
import { getAZs, select } from './lists.ts';
import { transform } from './macros.ts';
import { getAtt, ref } from './references.ts';
import { contains, eachMemberEquals, eachMemberIn } from './rules.ts';
import { base64, join, length, split, toJsonString } from './strings.ts';
import { sub } from './sub.ts';

export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map([
  ['Ref', ref],
  ['Condition', condition],
  ['Fn::And', and],
  ['Fn::Base64', base64],
  ['Fn::Cidr', cidr],
  ['Fn::Contains', contains],
  ['Fn::EachMemberEquals', eachMemberEquals],
  ['Fn::EachMemberIn', eachMemberIn],
  ['Fn::Equals', equals],
  ['Fn::FindInMap', findInMap],
  ['Fn::GetAZs', getAZs],
  ['Fn::GetAtt', getAtt],
  ['Fn::If', fnIf],
  ['Fn::ImportValue', importValue],
  ['Fn::Join', join],
  ['Fn::Length', length],
  ['Fn::Not', not],
  ['Fn::Or', or],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::Sub', sub],
  ['Fn::ToJsonString', toJsonString],
  ['Fn::Transform', transform],
]);
