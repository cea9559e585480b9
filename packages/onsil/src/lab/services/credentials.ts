import { randomBytes, randomInt } from 'node:crypto';

/** Who signed a request. */
export type Principal =
  /** May do everything; kept by the lab itself (the command line, tests). */
  | { readonly kind: 'administrator' }
  | {
      readonly kind: 'role';
      readonly roleName: string;
      /** Of a role that was assumed: the name of its session. */
      readonly instanceId: string;
    };

export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** Of temporary credentials: every request must carry it. */
  readonly sessionToken?: string;
  /** Milliseconds since the epoch. */
  readonly expires?: number;
}

export interface TemporaryCredential extends Credential {
  readonly sessionToken: string;
  readonly issued: number;
  readonly expires: number;
}

export interface Credentials {
  readonly administrator: Credential;
  /** What the instance's metadata shows for its role at this moment. */
  forInstance(instanceId: string, roleName: string): TemporaryCredential;
  /** What AssumeRole gives, for that many milliseconds. */
  assume(roleName: string, session: string, lifetime: number): TemporaryCredential;
  /** Also expired ones, for as long as they are remembered: refused as expired, not unknown. */
  find(accessKeyId: string): Credential | undefined;
}

const LIFETIME_MILLISECONDS = 6 * 3_600_000;
/**
 * Well before the five minutes that AWS promises.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 */
const RENEW_MILLISECONDS = 60 * 60_000;
const REMEMBER_MILLISECONDS = 24 * 3_600_000;

/** Temporary credentials live in memory only: a new daemon issues new ones. */
export function createCredentials(
  options: {
    readonly now?: () => number;
    readonly administrator?: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
    };
  } = {},
): Credentials {
  const now = options.now ?? Date.now;
  const administrator: Credential = {
    ...(options.administrator ?? {
      accessKeyId: accessKeyId('AKIA'),
      secretAccessKey: secret(),
    }),
    principal: { kind: 'administrator' },
  };
  const current = new Map<string, TemporaryCredential>();
  const issued = new Map<string, Credential>([[administrator.accessKeyId, administrator]]);

  function issue(
    instanceId: string,
    roleName: string,
    lifetime = LIFETIME_MILLISECONDS,
  ): TemporaryCredential {
    for (const [id, { expires }] of issued) {
      if (expires !== undefined && expires + REMEMBER_MILLISECONDS < now()) issued.delete(id);
    }
    const made: TemporaryCredential = {
      accessKeyId: accessKeyId('ASIA'),
      secretAccessKey: secret(),
      sessionToken: randomBytes(96).toString('base64'),
      issued: now(),
      expires: now() + lifetime,
      principal: { kind: 'role', roleName, instanceId },
    };
    issued.set(made.accessKeyId, made);
    return made;
  }

  return {
    administrator,
    forInstance(instanceId, roleName) {
      const key = `${instanceId} ${roleName}`;
      const known = current.get(key);
      if (known !== undefined && known.expires - now() > RENEW_MILLISECONDS) return known;
      const made = issue(instanceId, roleName);
      current.set(key, made);
      return made;
    },
    assume: (roleName, session, lifetime) => issue(session, roleName, lifetime),
    find: (id) => issued.get(id),
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
function accessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  return prefix + Array.from({ length: 16 }, () => BASE32[randomInt(32)]).join('');
}

function secret(): string {
  return randomBytes(30).toString('base64');
}
