import { isList, isMap, type Json, type JsonMap } from '../json.ts';
import type { PolicyStatement, TrustStatement } from '../role.ts';
import type { Properties } from './properties.ts';

const MODELLED = ['Action', 'Effect', 'Resource', 'Sid', 'Principal'];

/**
 * The statements of a policy document. A condition on whose the resource is, is settled at once: a
 * region is one account's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statementsOf(
  properties: Properties,
  name: string,
  account: string,
): readonly PolicyStatement[] {
  return rawStatements(properties, name).flatMap((given) => {
    const statement = withoutOwnership(given, account);
    if (statement === undefined) return [];
    const effect = statement['Effect'];
    if (effect !== 'Allow' && effect !== 'Deny') {
      properties.report(name, `Effect is ${JSON.stringify(effect)}; it can be Allow or Deny.`);
    }
    const notModelled = Object.keys(statement).filter((key) => !MODELLED.includes(key));
    const made: PolicyStatement = {
      effect: effect === 'Allow' ? 'Allow' : 'Deny',
      actions: textsOf(statement['Action']),
      resources: textsOf(statement['Resource']),
      ...(notModelled.length === 0 ? {} : { notModelled }),
    };
    return [made];
  });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const OWNERSHIP = ['aws:resourceaccount', 's3:resourceaccount', 'aws:principalaccount'];

/** Without the conditions that hold of everything in the account; undefined where one never does. */
function withoutOwnership(statement: JsonMap, account: string): JsonMap | undefined {
  const { Condition: condition, ...rest } = statement;
  if (!isMap(condition)) return statement;
  const left: Record<string, JsonMap> = {};
  for (const [operator, keys] of Object.entries(condition)) {
    const equals = { StringEquals: true, StringNotEquals: false }[operator];
    for (const [key, values] of Object.entries(isMap(keys) ? keys : {})) {
      if (equals === undefined || !OWNERSHIP.includes(key.toLowerCase())) {
        left[operator] = { ...left[operator], [key]: values };
      } else if (textsOf(values).includes(account) !== equals) {
        return undefined;
      }
    }
  }
  return Object.keys(left).length === 0 ? rest : { ...rest, Condition: left };
}

/** Service principals that may take the role. */
export function trustsOf(properties: Properties, name: string): readonly string[] {
  const services = rawStatements(properties, name).flatMap((statement) => {
    const principal = statement['Principal'];
    const takes = textsOf(statement['Action']).some((action) =>
      ['sts:assumerole', 'sts:*', '*'].includes(action.toLowerCase()),
    );
    if (statement['Effect'] !== 'Allow' || !takes || !isMap(principal)) return [];
    return textsOf(principal['Service']);
  });
  return [...new Set(services)];
}

/** Who may take the role, statement by statement. */
export function trustStatementsOf(
  properties: Properties,
  name: string,
  account: string,
): readonly TrustStatement[] {
  return rawStatements(properties, name).flatMap((given) => {
    const whole = withoutOwnership(given, account);
    if (whole === undefined) return [];
    const { Condition: condition, ...statement } = whole;
    const externalIds = externalIdsOf(condition);
    const principal = statement['Principal'];
    const of = (kind: string): readonly string[] =>
      isMap(principal) ? textsOf(principal[kind]) : kind === 'AWS' ? textsOf(principal) : [];
    const notModelled = [
      ...Object.keys(statement).filter((key) => !MODELLED.includes(key)),
      ...(condition === undefined || externalIds !== undefined ? [] : ['Condition']),
    ];
    const made: TrustStatement = {
      effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
      actions: textsOf(statement['Action']),
      ...{ services: of('Service'), principals: of('AWS') },
      ...(externalIds === undefined ? {} : { externalIds }),
      ...(notModelled.length === 0 ? {} : { notModelled }),
    };
    return [made];
  });
}

/** Of a condition that asks for nothing else. */
function externalIdsOf(condition: Json | undefined): readonly string[] | undefined {
  if (condition === undefined || !isMap(condition)) return undefined;
  const [[operator, keys] = [], ...more] = Object.entries(condition);
  if (more.length > 0 || operator !== 'StringEquals' || keys === undefined || !isMap(keys)) {
    return undefined;
  }
  const [[key, values] = [], ...others] = Object.entries(keys);
  return others.length === 0 && key?.toLowerCase() === 'sts:externalid'
    ? textsOf(values)
    : undefined;
}

function rawStatements(properties: Properties, name: string): readonly JsonMap[] {
  const document = properties.json(name);
  const statements = isMap(document) ? document['Statement'] : undefined;
  const all = isList(statements) ? statements : [statements];
  const maps = all.filter((statement) => isMap(statement));
  if (maps.length === 0 || maps.length < all.length) {
    properties.report(name, 'This is not a policy document with a Statement.');
  }
  return maps;
}

function textsOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return (isList(value) ? value : [value]).map(String);
}
