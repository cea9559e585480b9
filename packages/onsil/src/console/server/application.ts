/** What the console answers whoever was let in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Calls, Flow, FlowLost, Live, LogLine } from '../api.ts';
import { Drill } from '../drill/drill.ts';
import { QuestionError } from '../model/answers.ts';
import { AskedError, Context, type LabView } from './context.ts';
import { tellFlow } from './flows.ts';
import { type Handlers, handlersOf } from './handlers.ts';
import { journals } from './journals.ts';
import { LiveFeed } from './live.ts';
import { Shell } from './names.ts';
import type { Application } from './server.ts';
import { Shells } from './shells.ts';
import { SiteCheck } from './site-check.ts';
import { sceneOf, stateOf } from './state.ts';
import { servePage } from './static.ts';
import { EventStream } from './stream.ts';

const MOST_BODY_BYTES = 64 * 1024;

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
