/**
 * The daemon of one lab. It lives in the lab's Internet namespace, where AWS's endpoints, the
 * public resolver and the outside hosts are, and is ended with the lab's cgroup.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConsole } from '../../console/server/server.ts';
import { chooseImage } from '../image/choose.ts';
import { labFolders } from '../layout.ts';
import { createLoopback } from '../services/loopback.ts';
import { learnReplacements } from '../stacks/specification.ts';
import { messageOf, serveControl } from './control.ts';
import { EventLog } from './events.ts';
import { waitForApps } from './releases.ts';
import {
  AWS_DESCRIPTOR,
  CONSOLE_DESCRIPTOR,
  type Materials,
  SITE_DESCRIPTOR,
  type UpRequest,
} from './request.ts';
import { routes } from './routes.ts';
import { edgeOptions, waitForSite } from './site.ts';
import { describeInstance, describeManaged, type LabStatus } from './status.ts';
import { finished, type Lab, layOut } from './up.ts';

const lab = process.argv[2] ?? '';
const folders = labFolders(lab);
const request = JSON.parse(await readFile(join(folders.run, 'request.json'), 'utf8')) as UpRequest;
const log = new EventLog(request.startedAt, Date.now);
const materials = Promise.withResolvers<Materials>();

let phase: LabStatus['phase'] = 'starting';
let seconds = 0;
let running: Lab | undefined;

const status = (): LabStatus => ({
  lab,
  project: request.project,
  service: request.service ?? null,
  ready: phase === 'ready',
  phase,
  seconds: phase === 'starting' ? log.seconds() : seconds,
  site: request.site ?? null,
  endpoint: request.endpoint ?? null,
  console: request.consolePort === undefined ? null : `http://127.0.0.1:${request.consolePort}`,
  instances: Object.values(running?.region.instances ?? {}).map((instance) =>
    describeInstance(running?.region ?? fail(), instance, {
      state: running?.machines.state(instance) ?? 'pending',
      setup: running?.machines.setup(instance) ?? 'waiting',
      reason: running?.machines.reason(instance) ?? null,
      image: chooseImage(instance.imageId, running?.images ?? []),
    }),
  ),
  managed:
    running === undefined
      ? []
      : describeManaged(running.region, running.managed, running.managedDetail),
  ...(running === undefined ? {} : { laidOut: true as const }),
  pid: process.pid,
});

const fail = (): never => {
  throw new Error('The lab has no region yet.');
};

let writing: Promise<void> = Promise.resolve();
/** Everyone may read the status without asking the daemon. */
function keepStatus(): void {
  writing = writing.then(async () => {
    const file = join(folders.run, 'status.json');
    await writeFile(`${file}.new`, JSON.stringify(status()));
    await rename(`${file}.new`, file);
  });
  writing.catch(() => {});
}

/** What it shows costs memory, and is loaded when somebody opens it. */
const { server: consoleServer, open: openConsole } = createConsole({
  port: () => request.consolePort ?? 0,
  load: async () => {
    const [{ createApplication }, { declaredIn }] = await Promise.all([
      import('../../console/server/application.ts'),
      import('./declared.ts'),
    ]);
    return createApplication({
      ...{ status, phase: () => phase, lab: () => running },
      resources: () => declaredIn(running),
    });
  },
});
const openUrl = request.consolePort === undefined ? undefined : openConsole;
await serveControl(
  folders.socket,
  routes({ log, status, lab: () => running, materials, openConsole: openUrl }),
);
if (request.consolePort !== undefined) consoleServer.listen({ fd: CONSOLE_DESCRIPTOR });
keepStatus();
process.send?.('listening');

try {
  running = await layOut(request, materials.promise, log, keepStatus);
  keepStatus();
  if (request.endpoint !== undefined) {
    createLoopback(running.services.endpoints).listen({ fd: AWS_DESCRIPTOR });
  }
  if (request.site !== undefined) await forward(running);
  await finished(running);
  await waitForApps(running);
  await waitForSite(running);
  seconds = log.seconds();
  phase = 'ready';
  keepStatus();
  const local = request.site === undefined ? {} : { site: request.site };
  log.emit({ kind: 'ready', seconds, ...local });
  // For updates; until then, machines that boot need the processor more.
  learnReplacements().catch((cause: unknown) => process.stderr.write(`${messageOf(cause)}\n`));
} catch (error) {
  seconds = log.seconds();
  phase = 'failed';
  keepStatus();
  log.emit({ kind: 'failed', message: messageOf(error) });
}

/** The local site's listener was bound in the host's namespace and inherited as this descriptor. */
async function forward(lab: Lab): Promise<void> {
  const edge = edgeOptions(lab);
  if (edge === undefined) return;
  const { startForwarder } = await import('../forwarder/forwarder.ts');
  await startForwarder({ ...edge, name: lab.lab, listener: { fd: SITE_DESCRIPTOR } });
}
