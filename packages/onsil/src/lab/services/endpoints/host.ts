/** Which AWS endpoint a host name stands for: DNS and the front of the endpoints agree on it. */
export type EndpointHost =
  | { readonly service: 's3'; readonly bucket?: string }
  | { readonly service: 'acme' }
  /** One that is driven by its model. */
  | { readonly service: 'aws'; readonly name: string }
  /** A name of this region whose service the lab does not have. */
  | { readonly service: 'unknown'; readonly name: string };

/** https://letsencrypt.org/docs/acme-protocol-updates/ */
export const ACME_HOST = 'acme-v02.api.letsencrypt.org';

/**
 * The services that the lab has, by the first part of their names.
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...['autoscaling', 'cloudformation', 'ec2', 'elasticloadbalancing', 'rds'].map(same),
  ...['secretsmanager', 'ssm', 'sts'].map(same),
  ['api.ecr', 'ecr'],
]);
/** Of services with one endpoint for all regions. */
const GLOBAL_NAMES = ['iam', 'route53', 'sts'];

/**
 * Undefined: not a name of an endpoint of this region. Everything under the region's own
 * suffix is one, so that a call to a service that the lab lacks ends here with a clear error
 * and not at the real AWS. Names without a region are shared with the real S3: only the
 * region's own buckets are taken (`hasBucket`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 * @param host lower case, without port and final dot
 */
export function endpointHost(
  host: string,
  region: string,
  hasBucket: (name: string) => boolean,
): EndpointHost | undefined {
  if (host === ACME_HOST) return { service: 'acme' };
  const global = GLOBAL_NAMES.find((name) => host === `${name}.amazonaws.com`);
  if (global !== undefined) return { service: 'aws', name: global };
  if (host === 's3.amazonaws.com') return { service: 's3' };
  const shared = before(host, '.s3.amazonaws.com');
  if (shared !== undefined) {
    return hasBucket(shared) ? { service: 's3', bucket: shared } : undefined;
  }
  const suffix = `${region}.amazonaws.com`;
  for (const s3 of [`s3.${suffix}`, `s3.dualstack.${suffix}`, `s3-${suffix}`]) {
    if (host === s3) return { service: 's3' };
    const bucket = before(host, `.${s3}`);
    if (bucket !== undefined) return { service: 's3', bucket };
  }
  const name = before(host, `.${suffix}`);
  if (name === undefined) return undefined;
  const service = NAMES.get(name);
  return service === undefined ? { service: 'unknown', name } : { service: 'aws', name: service };
}

function before(text: string, suffix: string): string | undefined {
  return text.endsWith(suffix) && text.length > suffix.length
    ? text.slice(0, -suffix.length)
    : undefined;
}

function same(name: string): readonly [string, string] {
  return [name, name];
}
