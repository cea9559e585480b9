/** Follows a lab on its way up, to the event that ends it. */
import { ask, events } from '../lab/daemon/client.ts';
import { isFinal, type TimedEvent } from '../lab/daemon/events.ts';
import type { LabStatus } from '../lab/daemon/status.ts';
import type { Progress } from './render/progress.ts';

/** A lab that did not come up and is worth a look: its machines say why. */
export class LabFailure extends Error {
  override readonly name = 'LabFailure';

  constructor(message: string) {
    super(
      `${message}\n\nThe lab is left as it is for a look: npx onsil status, ` +
        'npx onsil logs <instance>, npx onsil exec <instance> -- bash. Remove it with: npx onsil down',
    );
  }
}

/** Shows events until the lab is ready. Throws what failed. */
export async function follow(lab: string, progress: Progress): Promise<void> {
  const last = await lastEvent(events(lab), progress);
  if (last?.kind === 'ready') return;
  if (last?.kind !== 'failed') {
    throw new Error(`The lab ${lab} was taken down while it came up.`);
  }
  const { laidOut } = await ask<LabStatus>(lab, 'GET /status');
  // A template that makes no region: there is nothing to look at.
  throw laidOut === true ? new LabFailure(last.message) : new Error(last.message);
}

/** Shows the events of an update until it is done. Throws what failed; the lab is up nonetheless. */
export async function followUpdate(
  stream: AsyncIterable<TimedEvent>,
  progress: Progress,
): Promise<void> {
  const last = await lastEvent(stream, progress);
  if (last?.kind === 'ready') return;
  throw new Error(
    last?.kind === 'failed' ? last.message : 'The lab was taken down while it was changed.',
  );
}

/** The event that ends the stream; none where the daemon was ended first, which cuts it off. */
async function lastEvent(
  stream: AsyncIterable<TimedEvent>,
  progress: Progress,
): Promise<TimedEvent | undefined> {
  try {
    for await (const event of stream) {
      progress.show(event);
      if (isFinal(event)) return event;
    }
  } catch (error) {
    // Cut off (ECONNRESET) or gone already; everything else is a fault of ours.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const absent = error instanceof Error && error.name === 'NoDaemonError';
    if (!absent && code !== 'ECONNRESET') throw error;
  }
  return undefined;
}
