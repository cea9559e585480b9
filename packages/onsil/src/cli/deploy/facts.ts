/** What a deploy asks of AWS before it does anything, and what the preflight makes of it. */
import type { Deployed } from '../../aws/deployed.ts';
import type { Environment } from '../../aws/environment.ts';
import type { Asked as AskedOf, Check } from '../../aws/preflight.ts';
import { type ProjectStack, parameterValues } from '../stack-of.ts';

export interface Facts {
  readonly deployed: Deployed | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly checks: readonly Check[];
}

/** Asks AWS, all at once, for what the checks are about; with --dry-run nothing. */
export async function factsFor(
  stack: ProjectStack,
  environment: Environment,
  options: { readonly dryRun?: boolean },
): Promise<Facts> {
  const { service, metadata, template, parsed } = stack;
  const { preflight } = await import('../../aws/preflight.ts');
  const { needsBucket, BOOTSTRAP_STACK } = await import('../../aws/deploy.ts');
  const large = needsBucket(template);
  const given = await labAdministrator(stack, environment);
  const wanted = Object.values(parsed.resources).filter(({ type }) => type === ADDRESS).length;
  const common = { environment, domain: service.domain, large };
  if (options.dryRun === true) {
    const values = parameterValues(stack, {});
    const checks = preflight({
      ...common,
      ...{ identity: undefined, addresses: undefined, addressesWanted: wanted },
      ...{ delegation: undefined, zoneServers: [], bucket: undefined },
      ...administratorOf(stack, values),
    });
    return { deployed: undefined, values, checks };
  }
  const [{ callerIdentity, addressRoom }, { deployedStack }, { delegationOf }] = await Promise.all([
    import('../../aws/account.ts'),
    import('../../aws/deployed.ts'),
    import('../../aws/delegation.ts'),
  ]);
  const identity = await asked(callerIdentity(environment));
  // Without credentials every other question has the same answer.
  const known = 'value' in identity;
  const [addresses, before, toolkit] = known
    ? await Promise.all([
        asked(addressRoom(environment)),
        asked(deployedStack(environment, service.name)),
        large ? asked(deployedStack(environment, BOOTSTRAP_STACK)) : undefined,
      ])
    : [];
  if (before !== undefined && 'error' in before) throw before.error;
  const deployed = before?.value;
  const values = parameterValues({ ...stack, given }, deployed?.parameters ?? {});
  const there = Object.values(deployed?.resources ?? {}).filter(({ type }) => type === ADDRESS);
  const zoneServers = (deployed?.outputs['NameServers'] ?? '').split(' ').filter((each) => each);
  const checks = preflight({
    ...common,
    ...{ identity, addresses, addressesWanted: Math.max(wanted - there.length, 0) },
    // A lab's domain is known inside the lab only: there is nothing to delegate.
    delegation:
      environment.lab === undefined ? await delegationOf(service.domain, zoneServers) : undefined,
    zoneServers,
    bucket:
      toolkit === undefined || 'error' in toolkit
        ? toolkit
        : { value: toolkit.value !== undefined },
    ...administratorOf({ ...stack, metadata }, values),
  });
  return { deployed, values, checks };
}

const ADDRESS = 'AWS::EC2::EIP';

/** The administrator of a lab is the lab's own, where nobody says another one. */
async function labAdministrator(
  { given, parsed, metadata, service }: ProjectStack,
  { lab }: Environment,
): Promise<Readonly<Record<string, string>>> {
  if (lab === undefined) return given;
  const [{ ensureAdministrator }, { OUTSIDE_HOSTS }] = await Promise.all([
    import('../../lab/daemon/administrator.ts'),
    import('../../lab/addresses.ts'),
  ]);
  const { cidrParameter, keyParameter } = metadata.administrator;
  const byDefault = {
    [cidrParameter]: `${OUTSIDE_HOSTS.admin}/32`,
    [keyParameter]: (await ensureAdministrator(lab ?? service.name)).publicKey,
  };
  const missing = Object.entries(byDefault).filter(([name]) => parsed.parameters[name]);
  return { ...Object.fromEntries(missing), ...given };
}

function administratorOf(
  { metadata }: Pick<ProjectStack, 'metadata'>,
  values: Readonly<Record<string, string>>,
) {
  const { cidrParameter, keyParameter } = metadata.administrator;
  return { administrator: values[cidrParameter], publicKey: values[keyParameter] };
}

async function asked<T>(question: Promise<T>): Promise<Exclude<AskedOf<T>, undefined>> {
  try {
    return { value: await question };
  } catch (error) {
    return { error };
  }
}
