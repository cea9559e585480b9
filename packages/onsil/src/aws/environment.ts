/** Which AWS is talked to: the real one, or a lab's endpoints on this machine. */

export interface Environment {
  /** e.g. `ap-northeast-2` */
  readonly region: string;
  /** Where all services answer, where it is not AWS itself. */
  readonly endpoint?: string;
  /** The lab whose endpoint it is. */
  readonly lab?: string;
}

/** What sets an endpoint for every client of AWS: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const ENDPOINT = 'AWS_ENDPOINT_URL';

/** Variables that would send one service elsewhere, or name somebody else. */
const foreign = (name: string): boolean =>
  name === 'AWS_DEFAULT_PROFILE' || name.startsWith(`${ENDPOINT}_`);

/**
 * AWS as the shell has it: by the credentials of its environment, of its profile or of its role. An
 * endpoint of the shell's own counts, and preflight shows it.
 */
export function shellEnvironment(region: string): Environment {
  const endpoint = process.env[ENDPOINT];
  // Some of the toolkit's requests are made before it knows a stack's region.
  process.env['AWS_REGION'] = region;
  return { region, ...(endpoint === undefined ? {} : { endpoint }) };
}

/**
 * Sends every client of this process to a lab: the CDK's toolkit makes its own clients, and only
 * the environment reaches them all.
 * @param variables as `onsil env` prints them; what is empty is taken away
 */
export function labEnvironment(
  lab: string,
  region: string,
  variables: Readonly<Record<string, string>>,
): Environment {
  const endpoint = variables[ENDPOINT];
  if (endpoint === undefined) throw new Error(`The lab ${lab} has no AWS endpoint.`);
  for (const name of Object.keys(process.env).filter(foreign)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) {
    if (value === '') delete process.env[name];
    else process.env[name] = value;
  }
  return { region, endpoint, lab };
}
