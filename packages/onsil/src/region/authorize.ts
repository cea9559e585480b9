import { awsManagedPolicy } from './aws-managed-policy.ts';
import type { PolicyStatement, Role } from './role.ts';

/** Whether a role may do something. What is not said to be allowed is denied. */
export type Authorization =
  | { readonly outcome: 'allowed'; readonly statement: PolicyStatement }
  /** No statement: nothing allows it. */
  | { readonly outcome: 'denied'; readonly statement?: PolicyStatement }
  | { readonly outcome: 'not-modelled'; readonly reason: string };

/**
 * Evaluates the role's identity-based policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @param action with its service, e.g. `s3:GetObject`
 * @param resource an ARN
 */
export function authorize(role: Role, action: string, resource: string): Authorization {
  const managedByAws = role.managedPolicyArns.flatMap(
    (arn) => awsManagedPolicy(arn)?.statements ?? [],
  );
  const judged = [...role.statements, ...managedByAws].map((statement) => ({
    statement,
    match: matches(statement, action, resource),
  }));
  const find = (effect: PolicyStatement['effect'], match: Match) =>
    judged.find((each) => each.statement.effect === effect && each.match === match)?.statement;

  const denied = find('Deny', 'yes');
  if (denied !== undefined) return { outcome: 'denied', statement: denied };
  const perhapsDenied = find('Deny', 'perhaps');
  if (perhapsDenied !== undefined) return notModelled(perhapsDenied);
  // A managed policy may hold a Deny, so it stands above what inline policies allow.
  const unknown = role.managedPolicyArns.find((arn) => awsManagedPolicy(arn) === undefined);
  if (unknown !== undefined) return managedUnknown(role, unknown);
  const allowed = find('Allow', 'yes');
  if (allowed !== undefined) return { outcome: 'allowed', statement: allowed };
  const perhapsAllowed = find('Allow', 'perhaps');
  if (perhapsAllowed !== undefined) return notModelled(perhapsAllowed);
  const partly = role.managedPolicyArns.find((arn) => awsManagedPolicy(arn)?.whole === false);
  return partly === undefined ? { outcome: 'denied' } : managedUnknown(role, partly);
}

const managedUnknown = (role: Role, arn: string): Authorization => ({
  outcome: 'not-modelled',
  reason: `the managed policy ${arn} of role ${role.name} is not modelled`,
});

type Match = 'yes' | 'no' | 'perhaps';

function matches(statement: PolicyStatement, action: string, resource: string): Match {
  const parts = statement.notModelled ?? [];
  // An inverted part is not in the lists, so the lists cannot rule the statement out.
  const actions = parts.includes('NotAction')
    ? 'perhaps'
    : any(statement.actions, (pattern) => like(pattern.toLowerCase(), action.toLowerCase()));
  const resources = parts.includes('NotResource')
    ? 'perhaps'
    : any(statement.resources, (pattern) => resourceMatch(pattern, resource));
  if (actions === 'no' || resources === 'no') return 'no';
  return parts.length > 0 || actions === 'perhaps' || resources === 'perhaps' ? 'perhaps' : 'yes';
}

function any(patterns: readonly string[], match: (pattern: string) => Match | boolean): Match {
  const found = patterns.map(match);
  if (found.some((each) => each === true || each === 'yes')) return 'yes';
  return found.includes('perhaps') ? 'perhaps' : 'no';
}

/** `${*}` and its like stand for the character; other variables depend on who asks. */
function resourceMatch(pattern: string, resource: string): Match {
  if (!pattern.includes('${')) return like(pattern, resource) ? 'yes' : 'no';
  const loosened = pattern.replaceAll(/\$\{[^}]*\}/g, '*');
  return like(loosened, resource) ? 'perhaps' : 'no';
}

/**
 * `*` for any text, `?` for one character; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * Goes back only to the last `*`, so its time is bounded by the product of the lengths.
 */
function like(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    const expected = pattern[inPattern];
    if (expected === '*') {
      star = inPattern;
      afterStar = at;
      inPattern += 1;
    } else if (expected === '?' || expected === text[at]) {
      inPattern += 1;
      at += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      afterStar += 1;
      at = afterStar;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

function notModelled(statement: PolicyStatement): Authorization {
  const parts = statement.notModelled ?? ['policy variable'];
  return {
    outcome: 'not-modelled',
    reason: `a statement (${statement.effect} ${statement.actions.join(', ')}) has ${parts.join(', ')}`,
  };
}
