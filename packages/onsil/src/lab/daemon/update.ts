/** Changes a lab that is up: its stack gets another template or other parameters, in place. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labFolders } from '../layout.ts';
import { leftOut } from '../left-out.ts';
import { NO_CHANGES } from '../stacks/change-sets.ts';
import { learnReplacements } from '../stacks/specification.ts';
import { StackError, type StackEvent, type StackInput } from '../stacks/stack-service.ts';
import { putAssets } from './bootstrap.ts';
import { messageOf } from './control.ts';
import { EventLog, type TimedEvent } from './events.ts';
import { stackInput } from './prepare.ts';
import { rollOut, waitForApps } from './releases.ts';
import type { Materials, UpRequest } from './request.ts';
import { ensureSecrets } from './secrets.ts';
import { waitForSite } from './site.ts';
import { finished, type Lab, whyNot } from './up.ts';

export interface UpdateRequest {
  readonly request: UpRequest;
  readonly materials: Materials;
}

/**
 * Updates the lab's stack and tells each step; the last event is `ready` or `failed`. After a
 * failure the stack is what it was before. Never rejects.
 */
export async function updateLab(
  lab: Lab,
  { request, materials }: UpdateRequest,
  tell: (event: TimedEvent) => void,
): Promise<void> {
  const log = new EventLog(request.startedAt, Date.now);
  log.subscribe(tell);
  // What machines do is told by the lab's own log.
  const forward = lab.log.subscribeNew((event) => {
    if (['machine', 'warning', 'step'].includes(event.kind)) log.emit(event);
  });
  const resources = lab.engine.subscribe((event) => tellResource(lab, event, log));
  try {
    await update(lab, request, materials, log);
    const site = request.site === undefined ? {} : { site: request.site };
    log.emit({ kind: 'ready', seconds: log.seconds(), ...site });
  } catch (error) {
    log.emit({ kind: 'failed', message: messageOf(error) });
  } finally {
    forward();
    resources();
  }
}

/** @returns false where the stack is so already */
function ask({ engine }: Lab, input: StackInput): boolean {
  try {
    if (engine.find(input.stackName) === undefined) engine.createStack(input);
    else engine.updateStack(input);
    return true;
  } catch (error) {
    if (!(error instanceof StackError) || error.message !== NO_CHANGES) throw error;
    return false;
  }
}

async function update(
  lab: Lab,
  request: UpRequest,
  { releases }: Materials,
  log: EventLog,
): Promise<void> {
  const { engine, secrets, administrator } = lab;
  await learnReplacements();
  const { metadata, bootstraps, before, ...input } = stackInput(request, administrator.publicKey);
  for (const [name, value] of await ensureSecrets(lab.lab, metadata?.secrets ?? [])) {
    if (secrets.get(name) !== undefined) continue;
    await secrets.put({ name, type: 'SecureString', value, version: 1, lastModified: Date.now() });
  }
  const there = Object.keys(lab.metadata?.releases ?? {});
  const known = releases.filter(({ release }) => there.includes(release.app));
  // New instances fetch what is there when they boot, so the releases come first.
  if (known.length > 0) await rollOut(lab, known);
  for (const each of bootstraps) {
    // What `cdk bootstrap` has made of it stays.
    if (engine.find(each.stackName) !== undefined) continue;
    engine.createStack(each);
    const { id, status } = await engine.settled(each.stackName);
    if (status !== 'CREATE_COMPLETE') throw new Error(whyNot(engine, id));
  }
  await putAssets(lab.objects, request.assets);
  for (const each of before) {
    if (!ask(lab, each)) continue;
    const { status, statusReason } = await engine.settled(each.stackName);
    if (status.includes('ROLLBACK')) {
      throw new Error(`The stack ${each.stackName}, which comes first: ${statusReason ?? status}`);
    }
  }
  if (ask(lab, input)) {
    for (const { path, message } of leftOut(lab.region, lab.stack?.resources ?? {})) {
      log.emit({ kind: 'warning', message: `${path}: ${message}` });
    }
    const record = await engine.settled(lab.lab);
    if (record.status.includes('ROLLBACK')) {
      throw new Error(
        `${whyNot(engine, record.id)}\n` +
          (record.status === 'UPDATE_ROLLBACK_COMPLETE'
            ? 'Everything was changed back: the lab is as it was before.'
            : `It could not be changed back wholly: ${record.statusReason}`),
      );
    }
    await finished(lab);
  }
  const rest = releases.filter(({ release }) => !there.includes(release.app));
  if (rest.length > 0) await rollOut(lab, rest);
  await waitForApps(lab);
  await waitForSite(lab);
  const file = join(labFolders(lab.lab).run, 'request.json');
  await writeFile(file, JSON.stringify(request), { mode: 0o600 });
}

function tellResource(lab: Lab, event: StackEvent, log: EventLog): void {
  const record = lab.engine.find(event.stackId);
  const isNested = record?.rootId !== undefined && record.rootId === lab.engine.find(lab.lab)?.id;
  if (event.stackName !== lab.lab && !isNested) return;
  const { logicalId, type, status, reason } = event;
  // The second word of AWS's on the same thing.
  if (reason === 'Resource creation Initiated') return;
  const isOwn = type === 'AWS::CloudFormation::Stack' && event.physicalId === event.stackId;
  // A nested stack is told of as the resource that it is.
  if (isOwn && isNested) return;
  const name = isNested ? `${event.stackName}.${logicalId}` : logicalId;
  log.emit({
    ...{ kind: 'resource', logicalId: isOwn ? `stack ${logicalId}` : name, type, status },
    ...(reason === undefined || reason === 'User Initiated' ? {} : { reason }),
  });
}
