import { readFile } from 'node:fs/promises';
import type { Service } from '../../config/service.ts';
import type { RolledOut } from '../../lab/daemon/releases.ts';
import type { UpRequest } from '../../lab/daemon/request.ts';
import type { LabStatus } from '../../lab/daemon/status.ts';
import { type Result, VERSION } from '../program.ts';
import { banner } from '../render/banner.ts';
import { type Progress, progressFor } from '../render/progress.ts';
import { style } from '../render/style.ts';
import { asksForSameLab, requestOf, type UpOptions } from '../request.ts';

const DEFAULT_PORT = 8080;
/** Of the AWS endpoints, as programs that stand in for AWS have it; another one where it is taken. */
const AWS_PORT = 4566;
/** Of the console; another one where it is taken. */
const CONSOLE_PORT = 4173;

/** Boots the lab of this folder or of a template, and ends with one banner. */
export async function up(options: UpOptions, result: Result): Promise<void> {
  const startedAt = Date.now() - Math.round(process.uptime() * 1000);
  const willRun = options.dryRun !== true && process.getuid?.() === 0;
  const { request, service } = await requestOf(options, startedAt, willRun);
  if (options.dryRun === true) {
    const { dryRun } = await import('../dry-run.ts');
    console.log(await dryRun(request, options.json === true));
    return;
  }
  if (process.getuid?.() !== 0) {
    result.exitCode = await (await import('../host.ts')).asRoot(['up']);
    return;
  }
  const progress = progressFor(process.stdout, options.json === true);
  try {
    const { readStatus } = await import('../../lab/daemon/client.ts');
    const before = await readStatus(request.lab);
    const difference = await differenceTo(before, request);
    const status =
      difference === 'none'
        ? await renew(before, request, service, progress)
        : difference === 'stack'
          ? await change(before, request, service, progress)
          : await start(before, request, service, options, progress);
    progress.end();
    if (options.json !== true) print(status);
  } catch (error) {
    progress.end();
    throw error;
  }
}

/** What the lab that is up lacks to be the one that is asked for: `lab` means that it is none. */
async function differenceTo(
  before: LabStatus | undefined,
  request: UpRequest,
): Promise<'none' | 'stack' | 'lab'> {
  if (before === undefined) return 'lab';
  if (before.project !== request.project) {
    throw new Error(
      `A lab named ${request.lab} is up already, from ${before.project}. Stop it with ` +
        `\`npx onsil down --lab ${request.lab}\`, or give this one another name with --lab.`,
    );
  }
  if (before.phase !== 'ready' || request.fresh) return 'lab';
  const { labFolders } = await import('../../lab/layout.ts');
  const text = await readFile(`${labFolders(request.lab).run}/request.json`, 'utf8');
  const former = JSON.parse(text) as UpRequest;
  if (asksForSameLab(former, request)) return 'none';
  return former.region === request.region ? 'stack' : 'lab';
}

/** The stack of a lab that is up is changed in place; what did not change runs on. */
async function change(
  before: LabStatus | undefined,
  request: UpRequest,
  service: Service | undefined,
  progress: Progress,
): Promise<LabStatus> {
  const { lab } = request;
  const [{ ask, update }, { followUpdate }] = await Promise.all([
    import('../../lab/daemon/client.ts'),
    import('../follow.ts'),
  ]);
  const materials = await makeMaterials(request, service, progress, new AbortController().signal);
  const site = before?.site ?? undefined;
  const asked = { ...request, ...(site === undefined ? {} : { site }) };
  await followUpdate(update(lab, { request: asked, materials }), progress);
  return ask<LabStatus>(lab, 'GET /status');
}

/** A lab that is up gets new releases where sources have changed, and is left alone otherwise. */
async function renew(
  before: LabStatus | undefined,
  request: UpRequest,
  service: Service | undefined,
  progress: Progress,
): Promise<LabStatus> {
  const { lab } = request;
  const { ask } = await import('../../lab/daemon/client.ts');
  if (service !== undefined) {
    const materials = await makeMaterials(request, service, progress, new AbortController().signal);
    const rolledOut = await ask<readonly RolledOut[]>(lab, 'POST /materials', materials);
    for (const { app, instances } of rolledOut) {
      const detail = `on ${instances.join(', ')}`;
      const step = `new release of ${app}`;
      progress.show({ kind: 'step', step, done: true, detail, at: since(request) });
    }
  }
  const seconds = before?.seconds ?? 0;
  const site = before?.site ?? undefined;
  progress.show({
    ...{ kind: 'ready', seconds, at: since(request) },
    ...(site === undefined ? {} : { site }),
  });
  return ask<LabStatus>(lab, 'GET /status');
}

async function start(
  before: LabStatus | undefined,
  request: UpRequest,
  service: Service | undefined,
  options: UpOptions,
  progress: Progress,
): Promise<LabStatus> {
  const { lab } = request;
  const [{ prepareHost }, { ask }, { claim, startDaemon }] = await Promise.all([
    import('../host.ts'),
    import('../../lab/daemon/client.ts'),
    import('../../lab/daemon/spawn.ts'),
  ]);
  const step = 'packages of the host';
  const installed = await prepareHost(
    (message) => progress.show({ kind: 'note', message, at: since(request) }),
    (detail) => progress.show({ kind: 'step', step, done: false, detail, at: since(request) }),
  );
  if (installed) progress.show({ kind: 'step', step, done: true, at: since(request) });
  // A lab that is replaced gives its port back before the new one asks for it.
  if (before !== undefined) await claim(lab);
  const listener = service === undefined ? undefined : await listen(options);
  const { listenLocal } = await import('../../lab/forwarder/port.ts');
  const aws = await listenLocal(AWS_PORT, false);
  const console = await listenLocal(CONSOLE_PORT, false);
  const closeAll = (): void => {
    for (const each of [listener, aws, console]) each?.server.close();
  };
  const { follow, LabFailure } = await import('../follow.ts');
  const stop = new AbortController();
  let making: Promise<unknown> = Promise.resolve();
  try {
    await claim(lab);
    const site = listener === undefined ? {} : { site: `http://${lab}.localhost:${listener.port}` };
    const endpoint = `http://127.0.0.1:${aws.port}`;
    await startDaemon(
      { ...request, ...site, endpoint, consolePort: console.port },
      { site: listener?.fd, aws: aws.fd, console: console.fd },
    );
    closeAll();
    making = makeMaterials(request, service, progress, stop.signal).then((materials) =>
      ask(lab, 'POST /materials', materials),
    );
    await Promise.all([making, follow(lab, progress)]);
  } catch (error) {
    closeAll();
    stop.abort();
    // The programs that it started are gone before this one is.
    await making.catch(() => {});
    if (!(error instanceof LabFailure)) await abandon(lab);
    throw error;
  }
  return ask<LabStatus>(lab, 'GET /status');
}

async function listen(options: UpOptions) {
  const { listenLocal } = await import('../../lab/forwarder/port.ts');
  return listenLocal(options.port ?? DEFAULT_PORT, options.port !== undefined);
}

/** Leaves nothing half-made, unless the lab is another command's by now. */
async function abandon(lab: string): Promise<void> {
  const { isForeign } = await import('../../lab/daemon/spawn.ts');
  if (await isForeign(lab)) return;
  const { takeDown } = await import('../../lab/daemon/down.ts');
  await takeDown(lab);
}

/** What only the host can make. */
async function makeMaterials(
  request: UpRequest,
  service: Service | undefined,
  progress: Progress,
  signal: AbortSignal,
) {
  const materials = await import('../materials.ts');
  const report = (step: string, done: boolean, detail?: string): void => {
    if (signal.aborted) return;
    progress.show({
      ...{ kind: 'step', step, done, at: since(request) },
      ...(detail === undefined ? {} : { detail }),
    });
  };
  return materials.makeMaterials(service, report, signal);
}

const since = (request: UpRequest): number => (Date.now() - request.startedAt) / 1000;

function print(status: LabStatus): void {
  const { heading, lines } = banner(status, VERSION);
  const text = lines.map((line) => `  ${line}`).join('\n');
  console.log(`\n  ${style(process.stdout, 'bold', heading)}\n\n${text}\n`);
}
