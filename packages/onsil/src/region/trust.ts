/** Whether a role may be taken by somebody: what its trust policy says. */
import type { Role, TrustStatement } from './role.ts';

export interface Caller {
  /** A user's, or that of a session of a role. */
  readonly arn: string;
  /** Of a session: the role's own ARN. */
  readonly roleArn?: string;
  readonly account: string;
  readonly externalId?: string;
}

/**
 * Why the role may not be taken by the caller; nothing where it may. What cannot be told counts
 * against the caller.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function refusedTrust({ name, trust = [] }: Role, caller: Caller): string | undefined {
  const about = trust.filter(
    (statement) => takes(statement) && statement.principals.some((each) => isNamed(each, caller)),
  );
  const unclear = (statement: TrustStatement): boolean => statement.notModelled !== undefined;
  const denial = about.find(({ effect }) => effect === 'Deny');
  if (denial !== undefined && !unclear(denial) && holds(denial, caller)) {
    return `an explicit deny in the trust policy of ${name}`;
  }
  if (denial !== undefined && unclear(denial)) return notModelled(name, denial);
  const allowing = about.filter(({ effect }) => effect === 'Allow');
  if (allowing.some((each) => !unclear(each) && holds(each, caller))) return undefined;
  const perhaps = allowing.find(unclear);
  if (perhaps !== undefined) return notModelled(name, perhaps);
  return allowing.length > 0
    ? `the trust policy of ${name} asks for another ExternalId`
    : `the trust policy of ${name} does not name the caller`;
}

const holds = ({ externalIds }: TrustStatement, { externalId }: Caller): boolean =>
  externalIds === undefined || (externalId !== undefined && externalIds.includes(externalId));

const notModelled = (name: string, { notModelled: parts = [] }: TrustStatement): string =>
  `the lab cannot tell, because the trust policy of ${name} has ${parts.join(', ')}`;

function takes({ actions, notModelled: parts = [] }: TrustStatement): boolean {
  const named = actions.some((action) =>
    ['sts:assumerole', 'sts:*', '*'].includes(action.toLowerCase()),
  );
  return named || parts.includes('NotAction');
}

/** An account stands for everybody in it. */
function isNamed(principal: string, { arn, roleArn, account }: Caller): boolean {
  const isEverybody =
    principal === '*' || principal === account || principal.endsWith(`:iam::${account}:root`);
  return isEverybody || principal === arn || principal === roleArn;
}
