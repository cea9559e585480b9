/**
 * Parameter Store. A SecureString is encrypted with the AWS-managed key `alias/aws/ssm`, which
 * every principal of the account may use through SSM: so there is no KMS here, and a key of
 * one's own is refused.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html
 */
import { AwsError } from '../../endpoints/error.ts';
import type { ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { flag, number, type Structure, structures, text, textOf, texts } from '../value.ts';
import {
  all,
  arnOf,
  describe,
  find,
  invalid,
  nameOf,
  notFound,
  type Place,
  put,
  shape,
} from './parameter.ts';

const MAX_PAGE = 10;
const MAX_DESCRIBED = 50;

const byName = (member: string) => (input: Structure, place: Place) => [
  arnOf(place, nameOf(textOf(input, member))),
];
const byNames = (input: Structure, place: Place) =>
  texts(input, 'Names').map((name) => arnOf(place, nameOf(name)));

export const ssm: ServiceDefinition = {
  prefix: 'ssm',
  operations: {
    GetParameter: {
      resources: byName('Name'),
      handle: (input, call) => {
        const asked = textOf(input, 'Name');
        const found = find(call, asked);
        if (found === undefined) throw notFound(asked);
        return { Parameter: shape(call, found, flag(input, 'WithDecryption')) };
      },
    },
    GetParameters: {
      resources: byNames,
      handle: (input, call) => {
        const found = namesIn(input).map((name) => ({ name, parameter: find(call, name, true) }));
        return {
          Parameters: found.flatMap(({ parameter }) =>
            parameter === undefined ? [] : [shape(call, parameter, flag(input, 'WithDecryption'))],
          ),
          InvalidParameters: found.flatMap(({ name, parameter }) =>
            parameter === undefined ? [name] : [],
          ),
        };
      },
    },
    GetParametersByPath: {
      resources: (input, place) => [arnOf(place, pathOf(input))],
      handle: (input, call) => {
        const path = pathOf(input);
        if (path !== '' && !path.startsWith('/'))
          throw invalid(`The path "${path}" does not begin with "/".`);
        if (input['ParameterFilters'] !== undefined)
          throw invalid('The lab does not have ParameterFilters of GetParametersByPath.');
        const deep = flag(input, 'Recursive') === true;
        const below = all(call)
          .filter(({ name }) => name.startsWith(`${path}/`))
          .filter(({ name }) => deep || !name.slice(path.length + 1).includes('/'));
        const page = pageOf(below, { size: sizeOf(input, MAX_PAGE), ...tokenOf(input) });
        return {
          Parameters: page.items.map((each) => shape(call, each, flag(input, 'WithDecryption'))),
          NextToken: page.next,
        };
      },
    },
    DescribeParameters: {
      handle: (input, call) => {
        if (input['Filters'] !== undefined)
          throw invalid('Use ParameterFilters: the lab does not have the older Filters.');
        const filters = structures(input, 'ParameterFilters').map(filterOf);
        // Those of AWS itself are for everybody, and listed for nobody.
        const own = all(call).filter(({ name }) => !name.startsWith('/aws/'));
        const kept = own.filter((each) => filters.every((keeps) => keeps(each)));
        const page = pageOf(kept, { size: sizeOf(input, MAX_DESCRIBED), ...tokenOf(input) });
        return {
          Parameters: page.items.map((each) => describe(call, each)),
          NextToken: page.next,
        };
      },
    },
    PutParameter: { resources: byName('Name'), handle: put },
    DeleteParameter: {
      resources: byName('Name'),
      handle: async (input, call) => {
        const name = textOf(input, 'Name');
        if (await call.context.parameters.delete(name)) return {};
        if (find(call, name, true) === undefined) throw notFound(name);
        throw invalid(
          `${name} belongs to a stack or to AWS: the lab deletes it with the stack only.`,
        );
      },
    },
  },
};

function namesIn(input: Structure): readonly string[] {
  const names = texts(input, 'Names');
  if (names.length >= 1 && names.length <= MAX_PAGE) return names;
  const message = `1 validation error detected: 'names' must have from 1 to ${MAX_PAGE} entries; it has ${names.length}.`;
  throw invalid(message);
}

const pathOf = (input: Structure): string => textOf(input, 'Path').replace(/\/+$/, '');

function sizeOf(input: Structure, most: number): number {
  const size = number(input, 'MaxResults') ?? most;
  if (size >= 1 && size <= most) return size;
  throw invalid(`'maxResults' must be from 1 to ${most}; it is ${size}.`);
}

const tokenOf = (input: Structure) => ({
  token: text(input, 'NextToken'),
  code: 'InvalidNextToken',
});

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
function filterOf(filter: Structure): (parameter: { name: string; type: string }) => boolean {
  const key = textOf(filter, 'Key');
  const option = text(filter, 'Option') ?? 'Equals';
  const values = texts(filter, 'Values');
  if (key === 'Type') return ({ type }) => values.includes(type);
  if (key === 'Path') {
    const deep = option === 'Recursive';
    return ({ name }) =>
      values.some((path) => {
        const start = `${path.replace(/\/+$/, '')}/`;
        return name.startsWith(start) && (deep || !name.slice(start.length).includes('/'));
      });
  }
  if (key === 'Name') {
    const tests: Readonly<Record<string, (name: string, value: string) => boolean>> = {
      BeginsWith: (name, value) => name.startsWith(value),
      Contains: (name, value) => name.includes(value),
      Equals: (name, value) => name === value,
    };
    const test = tests[option];
    if (test !== undefined) return ({ name }) => values.some((value) => test(name, value));
    throw new AwsError(
      400,
      'InvalidFilterOption',
      `The filter option ${option} is not valid for ${key}.`,
    );
  }
  throw new AwsError(
    400,
    'InvalidFilterKey',
    `The lab does not filter parameters by ${key}: by Name, Type and Path.`,
  );
}
