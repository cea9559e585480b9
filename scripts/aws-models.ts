/**
 * Writes the service models that the lab's endpoints are driven by, out of those that AWS
 * publishes with its SDK: `node scripts/aws-models.ts`. Of operations that the lab serves the
 * shapes are kept, of all others the names, so that an operation that AWS has and the lab has not
 * is told from one that nobody has.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SERVICES } from '../packages/onsil/src/lab/services/aws/services.ts';

/** https://github.com/aws/aws-sdk-js/tree/master/apis */
const SOURCES: Readonly<Record<string, string>> = {
  autoscaling: 'autoscaling-2011-01-01',
  cloudformation: 'cloudformation-2010-05-15',
  ec2: 'ec2-2016-11-15',
  ecr: 'ecr-2015-09-21',
  elasticloadbalancing: 'elasticloadbalancingv2-2015-12-01',
  iam: 'iam-2010-05-08',
  rds: 'rds-2014-10-31',
  route53: 'route53-2013-04-01',
  secretsmanager: 'secretsmanager-2017-10-17',
  ssm: 'ssm-2014-11-06',
  sts: 'sts-2011-06-15',
};

const NOTE =
  'Taken from the AWS SDK for JavaScript, Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0. Do not edit: node scripts/aws-models.ts';

const METADATA = [
  ...['apiVersion', 'endpointPrefix', 'globalEndpoint', 'protocol', 'jsonVersion'],
  ...['serviceFullName', 'signingName', 'targetPrefix', 'xmlNamespace'],
];

/**
 * What AWS added after the last release of that SDK, and today's clients send.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
 */
const DEPLOYMENT = {
  DeploymentConfig: {
    type: 'structure',
    members: { Mode: {}, DisableRollback: { type: 'boolean' } },
  },
};
const VALIDATION = { DisableValidation: { type: 'boolean' } };
const NEWER: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  cloudformation: {
    CreateChangeSet: { DeploymentMode: {}, ...DEPLOYMENT, ...VALIDATION },
    CreateStack: { ...DEPLOYMENT, ...VALIDATION },
    DeleteStack: DEPLOYMENT,
    UpdateStack: { ...DEPLOYMENT, ...VALIDATION },
  },
};

interface Source {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly shapes: Readonly<Record<string, unknown>>;
}

const folder = join(import.meta.dirname, '../packages/onsil/src/lab/services/aws/models');
export const modelFile = (service: string): string => join(folder, `${service}.json`);

/** The text of each service's model file. */
export function models(): ReadonlyMap<string, string> {
  const sdk = dirname(createRequire(import.meta.url).resolve('aws-sdk/package.json'));
  return new Map(
    Object.entries(SOURCES).map(([service, name]) => {
      const text = readFileSync(join(sdk, 'apis', `${name}.min.json`), 'utf8');
      const served = Object.keys(SERVICES[service]?.operations ?? {});
      return [service, compact(JSON.parse(text) as Source, served, service)];
    }),
  );
}

function compact(source: Source, served: readonly string[], service: string): string {
  const unknown = served.filter((name) => source.operations[name] === undefined);
  if (unknown.length > 0) throw new Error(`${service} of AWS has no ${unknown.join(', ')}`);
  const names = Object.keys(source.operations).toSorted();
  const operations = names
    .filter((name) => served.includes(name))
    .map((name) => {
      const { http, input, output } = source.operations[name] ?? {};
      return [name, { http, input: withNewer(input, NEWER[service]?.[name]), output }] as const;
    });
  const used = new Set<string>();
  const follow = (value: unknown): void => {
    for (const name of shapesIn(value)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(source.shapes[name]);
    }
  };
  follow(operations);
  const shapes = Object.entries(source.shapes).filter(([name]) => used.has(name));
  const metadata = Object.fromEntries(METADATA.map((key) => [key, source.metadata[key]]));
  const others = names.filter((name) => !served.includes(name));
  const lines = (entries: readonly (readonly [string, unknown])[]): string =>
    `{\n${entries.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')}\n  }`;
  return `{
  "note": ${JSON.stringify(NOTE)},
  "metadata": ${JSON.stringify(metadata)},
  "operations": ${lines(operations)},
  "shapes": ${lines(shapes)},
  "others": ${JSON.stringify(others)}
}
`;
}

function withNewer(input: unknown, newer: object | undefined): unknown {
  if (newer === undefined) return input;
  const { members, ...rest } = input as { readonly members?: object };
  return { ...rest, members: { ...members, ...newer } };
}

/** The names that `{ "shape": … }` refers to. A member may itself be called `shape`: that is a map. */
function shapesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'shape' && typeof each === 'string' ? [each] : shapesIn(each),
  );
}

if (import.meta.main)
  for (const [service, text] of models()) writeFileSync(modelFile(service), text);
