/** What must be so before a deploy, and what to do where it is not: facts in, checks out. */
import type { AddressRoom, Identity } from './account.ts';
import { isAboutCredentials, messageOf } from './aws-error.ts';
import type { Delegation } from './delegation.ts';
import { BOOTSTRAP_STACK } from './deploy.ts';
import type { Environment } from './environment.ts';

/** A fact that AWS was asked for; an error where it refused; absent where it was not asked. */
export type Asked<T> = { readonly value: T } | { readonly error: unknown } | undefined;

export interface PreflightFacts {
  readonly environment: Environment;
  readonly domain: string;
  readonly identity: Asked<Identity>;
  readonly addresses: Asked<AddressRoom>;
  /** Elastic IPs that the deploy makes beside those that the stack has. */
  readonly addressesWanted: number;
  readonly delegation: Delegation | undefined;
  /** The hosted zone's name servers; none where it is not made yet. */
  readonly zoneServers: readonly string[];
  /** The block of addresses that may reach the bastion. */
  readonly administrator: string | undefined;
  /** The line of a .pub file. */
  readonly publicKey: string | undefined;
  /** The template is too large for a request. */
  readonly large: boolean;
  /** Whether the CDK's own stack is there. */
  readonly bucket: Asked<boolean>;
}

/** `later`: nothing that stops the deploy. `not asked`: it needs credentials. */
export type CheckState = 'ok' | 'failed' | 'later' | 'not asked';

export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly text: string;
  /** What to do. */
  readonly next?: string;
}

export function preflight(facts: PreflightFacts): readonly Check[] {
  return [
    credentials(facts),
    region(facts),
    addresses(facts),
    domain(facts),
    administrator(facts),
    keyPair(facts),
    bucket(facts),
  ];
}

function credentials({ identity, environment }: PreflightFacts): Check {
  const name = 'credentials';
  if (identity === undefined) {
    return { name, state: 'not asked', text: 'whose account it is' };
  }
  if ('error' in identity) {
    const lab = environment.lab;
    return {
      ...{ name, state: 'failed', text: messageOf(identity.error) },
      next:
        lab === undefined
          ? 'run `aws configure` or `aws sso login`, or set AWS_PROFILE; `aws sts get-caller-identity` must answer'
          : `the lab ${lab} does not answer: look at npx onsil status --lab ${lab}`,
    };
  }
  const { account, arn } = identity.value;
  return { name, state: 'ok', text: `account ${account}, ${arn}` };
}

function region({ environment, identity, addresses: asked }: PreflightFacts): Check {
  const name = 'region';
  const { region: code, endpoint, lab } = environment;
  const where =
    endpoint === undefined ? '' : ` at ${endpoint}${lab === undefined ? '' : ` (lab ${lab})`}`;
  const text = `${code}${where}`;
  const refused = asked !== undefined && 'error' in asked ? asked.error : undefined;
  // An account has some regions only after it asked for them, and EC2 says it so.
  if (refused !== undefined && identity !== undefined && !('error' in identity)) {
    const what = messageOf(refused);
    if (isAboutCredentials(refused) || /OptInRequired|not subscribed/i.test(what)) {
      return {
        ...{ name, state: 'failed', text: `${code}: ${what}` },
        next: `enable ${code} for the account, or name another region in onsil.config.ts`,
      };
    }
  }
  return { name, state: asked === undefined ? 'not asked' : 'ok', text };
}

function addresses({ addresses: asked, addressesWanted: wanted }: PreflightFacts): Check {
  const name = 'addresses';
  const needed = `${wanted} Elastic ${wanted === 1 ? 'IP' : 'IPs'} wanted`;
  if (wanted === 0) return { name, state: 'ok', text: 'no further Elastic IP wanted' };
  if (asked === undefined) return { name, state: 'not asked', text: needed };
  if ('error' in asked) {
    return {
      ...{ name, state: 'failed', text: `${needed}; EC2 says: ${messageOf(asked.error)}` },
      next: 'allow ec2:DescribeAccountAttributes and ec2:DescribeAddresses to these credentials',
    };
  }
  const { used, quota } = asked.value;
  const left = Math.max(quota - used, 0);
  const text = `${needed}, ${left} of ${quota} left`;
  if (left >= wanted) return { name, state: 'ok', text };
  return {
    ...{ name, state: 'failed', text },
    next: 'release some that are not in use, or ask for a higher quota: Service Quotas, EC2-VPC Elastic IPs',
  };
}

function domain({ domain: called, delegation, zoneServers }: PreflightFacts): Check {
  const name = 'domain';
  const enter =
    zoneServers.length === 0
      ? `after the deploy, enter the name servers that it prints where ${called} is registered`
      : `where ${called} is registered, enter: ${zoneServers.join(' ')}`;
  if (delegation === undefined) return { name, state: 'not asked', text: `${called}` };
  if (delegation.state === 'delegated') {
    return { name, state: 'ok', text: `${called} is delegated to its hosted zone` };
  }
  const until = 'until then the site has a placeholder for a certificate';
  if (delegation.state === 'unknown') {
    return {
      ...{ name, state: 'later', text: `${called}: name servers unknown (${delegation.why})` },
      next: `${enter}; ${until}`,
    };
  }
  const now =
    delegation.state === 'none'
      ? 'has no name servers yet'
      : `is at ${delegation.servers.join(' ')}`;
  return { name, state: 'later', text: `${called} ${now}`, next: `${enter}; ${until}` };
}

function administrator({ administrator: block }: PreflightFacts): Check {
  const name = 'administrator';
  if (block !== undefined) {
    return { name, state: 'ok', text: `${block} may reach the bastion` };
  }
  return {
    ...{ name, state: 'failed', text: 'whose address may reach the bastion is not given' },
    next: 'give it by --admin 203.0.113.7, or as admin.ip in onsil.config.ts; `curl -4 https://checkip.amazonaws.com` tells yours',
  };
}

function keyPair({ publicKey }: PreflightFacts): Check {
  const name = 'key pair';
  if (publicKey !== undefined) {
    const [type = '', data = '', comment = ''] = publicKey.split(' ');
    const short = `${type} …${data.slice(-8)}${comment === '' ? '' : ` ${comment}`}`;
    return { name, state: 'ok', text: short };
  }
  return {
    ...{ name, state: 'failed', text: "the administrator's public key is not given" },
    next: 'give its file by --key ~/.ssh/id_ed25519.pub, or its line in admin.sshPublicKeys of onsil.config.ts; `ssh-keygen -t ed25519` makes one',
  };
}

function bucket({ bucket: asked, large }: PreflightFacts): Check {
  const name = 'bucket';
  const why = 'the template is too large for a request, and goes by the bucket of the CDK';
  if (!large) return { name, state: 'ok', text: 'the template goes within the request' };
  if (asked === undefined) return { name, state: 'not asked', text: why };
  if ('error' in asked) {
    return {
      ...{ name, state: 'failed', text: messageOf(asked.error) },
      next: 'allow cloudformation:DescribeStacks to these credentials',
    };
  }
  if (asked.value) return { name, state: 'ok', text: `the stack ${BOOTSTRAP_STACK} is there` };
  return {
    ...{ name, state: 'later', text: why },
    next: `the deploy makes its stack ${BOOTSTRAP_STACK} first (its bucket costs next to nothing)`,
  };
}
