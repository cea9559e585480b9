import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Service } from '../../config/service.ts';
import type { TimedEvent } from '../../lab/daemon/events.ts';
import type { UpRequest } from '../../lab/daemon/request.ts';
import type { LabStatus } from '../../lab/daemon/status.ts';
import { UsageError } from '../errors.ts';
import type { Report } from '../materials.ts';
import { type Result, VERSION } from '../program.ts';
import { assertLabName, labOfTemplate, requireProject } from '../project.ts';
import { banner } from '../render/banner.ts';
import { type Progress, progressFor } from '../render/progress.ts';
import { style } from '../render/style.ts';

export interface UpOptions {
  readonly lab?: string;
  readonly template?: string;
  readonly param: readonly string[];
  readonly region?: string;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
  readonly port?: number;
  readonly json?: boolean;
}

const DEFAULT_PORT = 8080;
const DEFAULT_REGION = 'ap-northeast-2';

/** Boots the lab of this folder or of a template, and ends with one banner. */
export async function up(options: UpOptions, result: Result): Promise<void> {
  const startedAt = Date.now() - Math.round(process.uptime() * 1000);
  const { request, service } = await requestOf(options, startedAt);
  if (options.dryRun === true) {
    const { dryRun } = await import('../dry-run.ts');
    console.log(await dryRun(request, options.json === true));
    return;
  }
  const { asRoot, prepareHost } = await import('../host.ts');
  if (process.getuid?.() !== 0) {
    result.exitCode = await asRoot(['up']);
    return;
  }
  const progress = progressFor(process.stdout, options.json === true);
  try {
    const status = await start(request, service, options, progress, prepareHost);
    progress.end();
    if (options.json !== true) print(status);
  } catch (error) {
    progress.end();
    throw error;
  }
}

async function start(
  request: UpRequest,
  service: Service | undefined,
  options: UpOptions,
  progress: Progress,
  prepareHost: (onLine: (line: string) => void) => Promise<void>,
): Promise<LabStatus> {
  const [{ ask, events, readStatus }, { claim, startDaemon }] = await Promise.all([
    import('../../lab/daemon/client.ts'),
    import('../../lab/daemon/spawn.ts'),
  ]);
  const { lab } = request;
  const before = await readStatus(lab);
  if (before !== undefined && before.project !== request.project) {
    throw new Error(
      `A lab named ${lab} is up already, from ${before.project}. ` +
        `Stop it with \`npx onsil down --lab ${lab}\`, or give this one another name with --lab.`,
    );
  }
  if (before?.phase === 'ready' && options.fresh !== true && (await isSame(lab, request))) {
    return before;
  }
  const say = (detail: string): void =>
    progress.show({ kind: 'step', step: 'host', done: false, detail, at: since(request) });
  await prepareHost(say);
  const listener =
    service === undefined
      ? undefined
      : await (await import('../../lab/forwarder/port.ts')).listenLocal(
          options.port ?? DEFAULT_PORT,
          options.port !== undefined,
        );
  try {
    await claim(lab);
    const site = listener === undefined ? {} : { site: `http://${lab}.localhost:${listener.port}` };
    await startDaemon({ ...request, ...site }, listener?.fd);
  } finally {
    listener?.server.close();
  }
  const stop = new AbortController();
  const making = supply(lab, service, request, progress, stop.signal);
  try {
    await Promise.all([making, follow(lab, events(lab), progress)]);
  } catch (error) {
    stop.abort();
    // The programs that it started are gone before this one is.
    await making.catch(() => {});
    if (!(error instanceof LabFailure)) await abandon(lab);
    throw error;
  }
  return ask<LabStatus>(lab, 'GET /status');
}

/** A lab that did not come up and is worth a look: its machines say why. */
class LabFailure extends Error {
  override readonly name = 'LabFailure';

  constructor(message: string) {
    super(
      `${message}\n\nThe lab is left as it is for a look: npx onsil status, ` +
        'npx onsil logs <instance>, npx onsil exec <instance> -- bash. Remove it with: npx onsil down',
    );
  }
}

/** Leaves nothing half-made, unless the lab is another command's by now. */
async function abandon(lab: string): Promise<void> {
  const { isOwner } = await import('../../lab/daemon/spawn.ts');
  if (!(await isOwner(lab))) return;
  const { takeDown } = await import('../../lab/daemon/down.ts');
  await takeDown(lab);
}

/** Makes what only the host can make while the lab comes up, and hands it over. */
async function supply(
  lab: string,
  service: Service | undefined,
  request: UpRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const [{ makeMaterials }, { ask }] = await Promise.all([
    import('../materials.ts'),
    import('../../lab/daemon/client.ts'),
  ]);
  const report: Report = (step, done, detail) => {
    if (signal.aborted) return;
    progress.show({
      ...{ kind: 'step', step, done, at: since(request) },
      ...(detail === undefined ? {} : { detail }),
    });
  };
  const materials = await makeMaterials(service, report, signal);
  await ask(lab, 'POST /materials', materials);
}

/** Shows events until the last one. Throws what failed. */
async function follow(
  lab: string,
  stream: AsyncIterable<TimedEvent>,
  progress: Progress,
): Promise<void> {
  const last = await lastEvent(stream, progress);
  if (last?.kind === 'ready') return;
  if (last?.kind !== 'failed') {
    throw new Error(`The lab ${lab} was taken down while it came up.`);
  }
  const { ask } = await import('../../lab/daemon/client.ts');
  const { instances } = await ask<LabStatus>(lab, 'GET /status');
  // A template that makes no region: there is nothing to look at.
  throw instances.length === 0 ? new Error(last.message) : new LabFailure(last.message);
}

/** The event that ends the stream; none where the daemon was ended first, which cuts it off. */
async function lastEvent(
  stream: AsyncIterable<TimedEvent>,
  progress: Progress,
): Promise<TimedEvent | undefined> {
  try {
    for await (const event of stream) {
      progress.show(event);
      if (event.kind === 'ready' || event.kind === 'failed') return event;
    }
  } catch (error) {
    // Cut off (ECONNRESET) or gone already; everything else is a fault of ours.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const absent = error instanceof Error && error.name === 'NoDaemonError';
    if (!absent && code !== 'ECONNRESET') throw error;
  }
  return undefined;
}

const since = (request: UpRequest): number => (Date.now() - request.startedAt) / 1000;

async function isSame(lab: string, request: UpRequest): Promise<boolean> {
  const { labFolders } = await import('../../lab/layout.ts');
  const text = await readFile(`${labFolders(lab).run}/request.json`, 'utf8').catch(() => '{}');
  const before = JSON.parse(text) as Partial<UpRequest>;
  return (
    before.template === request.template &&
    JSON.stringify(before.parameters) === JSON.stringify(request.parameters)
  );
}

function print(status: LabStatus): void {
  const { heading, lines } = banner(status, VERSION);
  const text = lines.map((line) => `  ${line}`).join('\n');
  console.log(`\n  ${style(process.stdout, 'bold', heading)}\n\n${text}\n`);
}

async function requestOf(
  options: UpOptions,
  startedAt: number,
): Promise<{ readonly request: UpRequest; readonly service?: Service }> {
  const common = {
    startedAt,
    parameters: parametersOf(options.param),
    fresh: options.fresh === true,
  };
  if (options.template !== undefined) {
    const file = resolve(options.template);
    const template = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`The template ${options.template} cannot be read.`, { cause });
    });
    return {
      request: {
        ...common,
        lab: assertLabName(options.lab ?? labOfTemplate(file)),
        project: file,
        region: options.region ?? DEFAULT_REGION,
        template,
        templateFile: options.template,
      },
    };
  }
  const project = await requireProject();
  const [{ loadConfig }, { templateOf }] = await Promise.all([
    import('../../config/load.ts'),
    import('../template.ts'),
  ]);
  const service = await loadConfig(project);
  return {
    service,
    request: {
      ...common,
      lab: assertLabName(options.lab ?? service.name),
      project,
      region: service.region,
      template: await templateOf(service),
      templateFile: 'the template of onsil.config.ts',
    },
  };
}

/** `Key=Value` words. */
function parametersOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new UsageError(
        `--param ${JSON.stringify(word)} has no value: write --param Key=Value.`,
      );
    }),
  );
}
