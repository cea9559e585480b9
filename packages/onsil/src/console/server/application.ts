/** What the console answers whoever was let in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { probe } from '../../lab/daemon/probes.ts';
import { readUsage } from '../../lab/daemon/usage.ts';
import { ruleNames } from '../../lab/decider-text.ts';
import { becauseOf, concerns, endsOf, missing, serviceOf } from '../../lab/flow-record.ts';
import type {
  Calls,
  Done,
  DrillRequest,
  Flow,
  FlowLost,
  Live,
  LogLine,
  PowerRequest,
  Proof,
  Question,
} from '../api.ts';
import { Drill } from '../drill/drill.ts';
import { QuestionError, whyWords } from '../model/answers.ts';
import { AskedError, Context, type LabView } from './context.ts';
import { journals } from './journals.ts';
import { LiveFeed } from './live.ts';
import { Shell } from './names.ts';
import type { Application } from './server.ts';
import { Shells } from './shells.ts';
import { SiteCheck } from './site-check.ts';
import { costOf, groupOf, sceneOf, stateOf } from './state.ts';
import { servePage } from './static.ts';
import { EventStream } from './stream.ts';

const MOST_BODY_BYTES = 64 * 1024;
const PROBE_MS = 3000;

type Given = { readonly query: URLSearchParams; readonly body: unknown };
type AnswerOf<Route extends keyof Calls> = Calls[Route]['answer'];
type Handlers = {
  readonly [Route in keyof Calls]: (given: Given) => AnswerOf<Route> | Promise<AnswerOf<Route>>;
};

export function createApplication(view: LabView): Application {
  const context = new Context(view);
  const shell = new Shell(view.status);
  const drill = new Drill(context, shell, new SiteCheck(context));
  const live = new LiveFeed(context, () => drill.count);
  const shells = new Shells(context);
  const handlers = handlersOf(context, shell, drill);
  const streams: Readonly<Record<string, Stream>> = {
    '/api/live': () => (response) => live.watch(new EventStream<Live>(response)),
    '/api/logs': (query) => {
      const follow = journals(context, query);
      return async (response) => follow(new EventStream<LogLine>(response));
    },
    '/api/flow': (query) => (response) =>
      tellFlow(context, query, new EventStream<Flow | FlowLost>(response)),
  };
  const answer: Application['answer'] = async (request, response, url) => {
    const { pathname } = url;
    if (!pathname.startsWith('/api/')) {
      if (request.method === 'GET') await servePage(response, pathname);
      else fail(response, new AskedError('The page can only be read.', 404));
      return;
    }
    try {
      const stream = request.method === 'GET' ? streams[pathname] : undefined;
      if (stream !== undefined) {
        await stream(url.searchParams)(response);
        return;
      }
      const route = `${request.method} ${pathname}`;
      if (!isRoute(handlers, route)) throw new AskedError(`There is no ${route}.`, 404);
      const body = await bodyOf(request);
      json(response, 200, await handlers[route]({ query: url.searchParams, body }));
    } catch (error) {
      fail(response, error);
    }
  };
  return {
    answer,
    upgrade: (request, socket, head, url) => shells.upgrade(request, socket, head, url),
    warm: async () => {
      if (view.lab() !== undefined) await Promise.all([stateOf(context), sceneOf(context)]);
    },
  };
}

type Stream = (query: URLSearchParams) => (response: ServerResponse) => Promise<void>;

const isRoute = (handlers: Handlers, route: string): route is keyof Calls =>
  Object.hasOwn(handlers, route);

function handlersOf(context: Context, shell: Shell, drill: Drill): Handlers {
  const { model } = context;
  return {
    'GET /api/state': () => stateOf(context),

    'GET /api/map': async () => ({
      ...(await sceneOf(context)),
      commands: [
        shell.question('diagram', '--cost', '-o', 'map.svg'),
        shell.lab('status'),
        shell.lab('flow'),
      ],
    }),

    'GET /api/host': async ({ query }) => {
      const name = query.get('name') ?? '';
      const { region } = context.ground();
      const reach = await model.of({ call: 'host', of: name });
      const own = Object.values(region.securityGroups).map((each) => groupOf(region, each));
      const words = ['--from', '--to'].map((option) => shell.question('reach', option, name));
      return {
        ...{ name, ...reach, commands: words },
        groups: own.filter(({ members }) => members.includes(name)),
      };
    },

    'POST /api/ask': async ({ body }) => {
      const question = questionIn(body);
      const answer = await model.of({ call: 'ask', of: question });
      return { ...answer, commands: [whyCommand(shell, question)] };
    },

    'POST /api/prove': ({ body }) => prove(context, shell, questionIn(body)),

    'GET /api/matrix': async () => ({
      ...(await model.of({ call: 'matrix' })),
      commands: [shell.question('reach'), shell.question('reach', '--internet')],
    }),

    'GET /api/policies': async () => ({
      ...(await model.of({ call: 'policies' })),
      commands: [shell.question('check')],
    }),

    'GET /api/unused': async () => {
      const { region, fabric } = context.lab();
      const usage = await readUsage(region, fabric);
      const unused = usage
        .filter(({ packets }) => packets === 0)
        .map(({ decider, inForce }) => {
          const [of, text] = ruleNames(region, decider);
          return { of, text, inForce };
        });
      const inForce = usage.filter((each) => each.inForce).length;
      return { unused, inForce, commands: [shell.lab('check', '--unused')] };
    },

    'GET /api/cost': () => ({ ...costOf(context), commands: [shell.question('cost')] }),

    'POST /api/power': ({ body }) => power(context, shell, body as Partial<PowerRequest>),

    'GET /api/drill': () => drill.state(),

    'POST /api/drill': ({ body }) => drill.begin(drillIn(body)),

    'POST /api/drill/restore': () => drill.restore(),
  };
}

function whyCommand(shell: Shell, question: Question): string {
  return shell.question('why', ...whyWords(question));
}

/** One TCP connection, as `onsil probe` opens it, beside what the model says. */
async function prove(context: Context, shell: Shell, question: Question): Promise<Proof> {
  const { from, to, port, protocol = 'tcp' } = question;
  if (typeof port !== 'number' || protocol !== 'tcp') {
    throw new AskedError(
      'A connection is sent to one TCP port: name it. What else is sent, and for all pairs: npx onsil verify',
    );
  }
  if (question.family === 'ipv6') throw new AskedError('The lab sends IPv4 only.');
  const answer = await context.model.of({ call: 'ask', of: question });
  const { lab, region, machines } = context.lab();
  const request = { from, targets: [{ to, port }], timeoutMs: PROBE_MS };
  const [seen] = await probe(lab, region, machines, request).catch((cause: unknown) => {
    throw new AskedError(cause instanceof Error ? cause.message : String(cause), 409, { cause });
  });
  if (seen === undefined) throw new Error('The probe gave no answer.');
  const reached = seen.outcome === 'connected' || seen.outcome === 'refused';
  const target = Object.values(region.instances).find(({ name }) => name === to);
  const isOff = target !== undefined && machines.state(target) !== 'running';
  return {
    ...{ question, model: answer.verdict },
    lab: { reached, outcome: seen.outcome, address: seen.address, ms: seen.ms },
    agree: reached === (answer.verdict === 'reachable'),
    note: isOff ? `${to} does not run, which the model does not know.` : null,
    commands: [whyCommand(shell, question), shell.lab('probe', from, `${to}:${port}`)],
  };
}

const DONE = { start: 'started', stop: 'stopped', restart: 'restarted' } as const;

async function power(
  context: Context,
  shell: Shell,
  { host, action }: Partial<PowerRequest>,
): Promise<Done> {
  if (action === undefined || !Object.hasOwn(DONE, action)) {
    throw new AskedError('action is start, stop or restart.');
  }
  const { region, machines } = context.lab();
  const instance = Object.values(region.instances).find(({ name }) => name === host);
  if (instance === undefined)
    throw new AskedError(`There is no instance ${JSON.stringify(host)}.`, 404);
  const { name } = instance;
  if (action !== 'start') {
    if (machines.state(instance) !== 'running') throw new AskedError(`${name} does not run.`, 409);
    await machines.stop(instance);
  }
  if (action !== 'stop') await machines.start(instance);
  const words = { start: ['start'], stop: ['stop'], restart: ['stop', 'start'] }[action];
  return {
    commands: words.map((each) => shell.lab(each, name)),
    text: `${name} is ${DONE[action]}.`,
  };
}

async function tellFlow(
  context: Context,
  query: URLSearchParams,
  stream: EventStream<Flow | FlowLost>,
): Promise<void> {
  const [host, only] = [query.get('host'), query.get('only')];
  const { flow } = context.lab();
  const end = await flow.subscribe({
    tell: (event) => {
      if ('lost' in event) {
        stream.send(event);
        return;
      }
      const { region } = context.lab();
      const { time: at, accepted, packet } = event;
      if (only !== null && accepted !== (only === 'accepted')) return;
      if (host !== null && !concerns(region, event, host)) return;
      const [from, to] = endsOf(region, event);
      const because = becauseOf(region, event) + missing(region, event);
      const { bytes } = packet;
      stream.send({ at, accepted, from, to, service: serviceOf(packet), bytes, because });
    },
    fail: () => stream.end('The lab is not watched any more.'),
  });
  stream.onClose(end);
}

function questionIn(body: unknown): Question {
  const { from, to, port, protocol, family } = Object(body);
  const isPort = port === undefined || port === 'ping' || Number.isInteger(port);
  const isProtocol = protocol === undefined || protocol === 'tcp' || protocol === 'udp';
  const isFamily = family === undefined || family === 'ipv6';
  if (typeof from === 'string' && typeof to === 'string' && isPort && isProtocol && isFamily) {
    return {
      ...{ from, to },
      ...(port === undefined ? {} : { port }),
      ...(protocol === undefined ? {} : { protocol }),
      ...(family === undefined ? {} : { family }),
    };
  }
  throw new AskedError(
    'A question is { from, to, port }: two names or addresses, and a port from 1 to 65535 or "ping".',
  );
}

function drillIn(body: unknown): DrillRequest {
  const { kind, host, routeTableId, destination, groupId, direction, ruleId } = Object(body);
  const texts = (...all: readonly unknown[]) => all.every((each) => typeof each === 'string');
  if (kind === 'stop' && texts(host)) return { kind, host };
  if (kind === 'cut-route' && texts(routeTableId, destination)) {
    return { kind, routeTableId, destination };
  }
  const isDirection = direction === 'ingress' || direction === 'egress';
  if (kind === 'revoke-rule' && isDirection && texts(groupId, ruleId)) {
    return { kind, groupId, direction, ruleId };
  }
  throw new AskedError('A drill is one of those that GET /api/drill offers, as its request says.');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new AskedError('That is too much for a question.');
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AskedError('The body is no JSON.', 400, { cause });
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function fail(response: ServerResponse, error: unknown): void {
  const isAsked = error instanceof AskedError || error instanceof QuestionError;
  if (!isAsked) process.stderr.write(`console: ${error instanceof Error ? error.stack : error}\n`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  json(response, error instanceof AskedError ? error.status : isAsked ? 400 : 500, { message });
}
