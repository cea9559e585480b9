/** One request of a service with a model: verify, parse, authorize, run, write. */
import { StackError } from '../../stacks/stack-service.ts';
import { AwsError } from '../endpoints/error.ts';
import { bodyOf, demand, type Exchange, header, readAll, send } from '../endpoints/exchange.ts';
import { parseQuery, sha256 } from '../signature/canonical.ts';
import { type VerifiedSignature, verifySignature } from '../signature.ts';
import { modelOf, type OperationModel, type ServiceModel } from './model.ts';
import type { AwsContext, Call } from './operation.ts';
import { FaultError, faultError } from './protocol/fault.ts';
import { parseJsonInput, writeJson } from './protocol/json.ts';
import { parseQueryInput } from './protocol/query.ts';
import { matchOperation, parseRestInput } from './protocol/rest-xml.ts';
import { element, writeMembers, XML_DECLARATION } from './protocol/write-xml.ts';
import { SERVICES } from './services.ts';
import { flag, type Structure } from './value.ts';

/** A template given in the request has at most 51,200 bytes; as a form it may be three times that. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Throws AwsError with the service's own codes. */
export async function handleAws(
  exchange: Exchange,
  service: string,
  context: AwsContext,
): Promise<void> {
  const model = modelOf(service);
  const definition = SERVICES[service];
  if (definition === undefined) throw new Error(`${service} is no service of the lab`);
  const body = await readAll(bodyOf(exchange), MAX_BODY_BYTES);
  const region = context.region();
  const { credential } = verified(exchange, service, model, context, body);
  const { principal } = credential;
  const { name, parse } = requestOf(exchange, model, body.toString());
  const operation = definition.operations[name];
  const described = model.operations[name];
  if (operation === undefined || described === undefined) throw notHere(model, name);
  const input = parsed(model, described, parse);
  const call: Call = {
    ...{ context, region, principal, credential, requestId: exchange.requestId },
    demand: (action, resource) => permit(model, () => demand(region, principal, action, resource)),
  };
  if (operation.open !== true) {
    const action = operation.action ?? `${definition.prefix}:${name}`;
    for (const resource of operation.resources?.(input, call) ?? ['*']) {
      call.demand(action, resource);
    }
  }
  if (model.metadata.protocol === 'ec2' && flag(input, 'DryRun') === true) {
    const message = 'Request would have succeeded, but DryRun flag is set.';
    throw new AwsError(412, 'DryRunOperation', message);
  }
  const output = await run(() => operation.handle(input, call));
  answer(exchange, model, name, described, output);
}

function verified(
  exchange: Exchange,
  service: string,
  model: ServiceModel,
  context: AwsContext,
  body: Uint8Array,
): VerifiedSignature {
  const isSigned =
    header(exchange, 'authorization') !== undefined || /X-Amz-(Sig|Cred)/.test(exchange.query);
  if (!isSigned) {
    const message = 'Request is missing Authentication Token';
    throw new AwsError(403, 'MissingAuthenticationToken', message);
  }
  const region = context.region().name;
  const isGlobal = model.metadata.globalEndpoint !== undefined;
  return verifySignature(exchange.signed, {
    credentials: context.credentials,
    now: context.now(),
    service,
    regions: isGlobal ? [region, 'us-east-1'] : [region],
    payloadHash: sha256(body),
  });
}

interface Asked {
  readonly name: string;
  readonly parse: (operation: OperationModel) => Structure;
}

function requestOf(exchange: Exchange, model: ServiceModel, body: string): Asked {
  const { protocol, targetPrefix = '' } = model.metadata;
  switch (protocol) {
    case 'json': {
      const [prefix, name = ''] = (header(exchange, 'x-amz-target') ?? '').split('.');
      return {
        name: prefix === targetPrefix ? name : '',
        parse: ({ input }) => parseJsonInput(model, input, body),
      };
    }
    case 'rest-xml': {
      const query = new Map(pairsOf(exchange.query));
      const request = {
        ...{ method: exchange.signed.method, path: exchange.path, query, body },
        header: (name: string) => header(exchange, name),
      };
      const { name, labels } = matchOperation(model, request) ?? {
        name: `${request.method} ${request.path}`,
        labels: {},
      };
      return { name, parse: (operation) => parseRestInput(model, operation, request, labels) };
    }
    case 'ec2':
    case 'query': {
      const pairs = [...pairsOf(exchange.query), ...pairsOf(body)];
      const name = new Map(pairs).get('Action') ?? '';
      return { name, parse: ({ input }) => parseQueryInput(model, input, pairs) };
    }
  }
}

function pairsOf(text: string) {
  try {
    return parseQuery(text);
  } catch {
    throw new AwsError(
      400,
      'MalformedQueryString',
      'The parameters are not encoded as they must be.',
    );
  }
}

function parsed(model: ServiceModel, operation: OperationModel, parse: Asked['parse']): Structure {
  try {
    return parse(operation);
  } catch (cause) {
    if (cause instanceof FaultError) throw faultError(model.metadata.protocol, cause.fault);
    if (cause instanceof URIError)
      throw new AwsError(400, 'InvalidInput', 'The path is malformed.');
    throw cause;
  }
}

async function run(work: () => Structure | Promise<Structure>): Promise<Structure> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof StackError)) throw cause;
    const error = new AwsError(400, cause.code, cause.message);
    error.cause = cause;
    throw error;
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function permit(model: ServiceModel, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (model.metadata.protocol !== 'ec2' || !(cause instanceof AwsError)) throw cause;
    throw new AwsError(403, 'UnauthorizedOperation', cause.message);
  }
}

function notHere(model: ServiceModel, name: string): AwsError {
  const { protocol, serviceFullName, apiVersion } = model.metadata;
  const isRest = protocol === 'rest-xml';
  if (isRest || model.others.includes(name)) {
    const message = `The lab does not have the operation ${name} of ${serviceFullName}.`;
    return new AwsError(501, 'NotImplemented', message);
  }
  if (protocol === 'json') {
    const message = `${serviceFullName} does not have the operation "${name}".`;
    return new AwsError(400, 'UnknownOperationException', message);
  }
  if (name === '') {
    const message = 'The request must contain the parameter Action';
    return new AwsError(400, 'MissingAction', message);
  }
  const message =
    protocol === 'ec2'
      ? `The action ${name} is not valid for this web service.`
      : `Could not find operation ${name} for version ${apiVersion}`;
  return new AwsError(400, 'InvalidAction', message);
}

function answer(
  exchange: Exchange,
  model: ServiceModel,
  name: string,
  { output = { type: 'structure' }, http }: OperationModel,
  value: Structure,
): void {
  const { protocol, xmlNamespace, apiVersion, jsonVersion = '1.1' } = model.metadata;
  if (protocol === 'json') {
    const type = `application/x-amz-json-${jsonVersion}`;
    send(exchange, 200, { 'content-type': type }, writeJson(model, output, value));
    return;
  }
  const members = writeMembers(model, output, value, name);
  const { requestId } = exchange;
  let document: string;
  let headers: Readonly<Record<string, string>> = {};
  switch (protocol) {
    case 'ec2':
      document = element(
        `${name}Response`,
        element('requestId', requestId) + members,
        `${xmlNamespace}/`,
      );
      break;
    case 'query': {
      const result =
        output.resultWrapper === undefined ? '' : element(output.resultWrapper, members);
      const metadata = element('ResponseMetadata', element('RequestId', requestId));
      document = element(`${name}Response`, result + metadata, xmlNamespace);
      break;
    }
    case 'rest-xml':
      document = element(
        `${name}Response`,
        members,
        `https://route53.amazonaws.com/doc/${apiVersion}/`,
      );
      headers = Object.fromEntries(
        Object.entries(output.members ?? {}).flatMap(
          ([member, { location, locationName = member }]) => {
            const own = value[member];
            return location === 'header' && own !== undefined
              ? [[locationName.toLowerCase(), String(own)] as const]
              : [];
          },
        ),
      );
      break;
  }
  const status = http?.responseCode ?? 200;
  send(
    exchange,
    status,
    { ...headers, 'content-type': 'text/xml;charset=UTF-8' },
    XML_DECLARATION + document,
  );
}
