/**
 * Many security groups in one update of a running stack, while a TCP stream goes on. Instances are
 * plain namespaces: what is measured is the stack engine, the plan, and the kernel.
 */
import { removeFabric } from '../../packages/onsil/src/lab/fabric/remove.ts';
import {
  type ManyGroups,
  manyGroups,
  STEADY_PORT,
} from '../../packages/onsil/test/lab/stacks/many-groups.ts';
import { StackLab } from '../../packages/onsil/test/lab/support/stack-lab.ts';

export const GROUPS_LAB = 'bench-groups';
const SIZE = { groups: 500, rules: 20 };

export interface GroupTimes {
  /** Seconds of the update that adds them all. */
  readonly added: readonly number[];
  /** Seconds of the update that changes every rule. */
  readonly changed: readonly number[];
  /** Milliseconds: the longest time in which nothing of the stream came back. */
  readonly silence: readonly number[];
}

/** Throws where an update fails, or where a byte of the stream is lost. */
export async function measureGroups(
  rounds: number,
  say: (text: string) => void,
): Promise<GroupTimes> {
  const times = { added: [] as number[], changed: [] as number[], silence: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    say(`500 security groups in one update: ${round} of ${rounds}`);
    await removeFabric(GROUPS_LAB);
    const lab = new StackLab(GROUPS_LAB);
    try {
      await update(lab);
      await lab.listen('Server', STEADY_PORT);
      const stream = await lab.stream('Client', 'Server', STEADY_PORT);
      times.added.push(await update(lab, { ...SIZE, port: 8000 }));
      times.changed.push(await update(lab, { ...SIZE, port: 9000 }));
      const { lines, longestSilence, fault } = await stream.end();
      if (fault !== undefined) throw new Error(`The stream did not survive: ${fault}`);
      if (lines === 0) throw new Error('Nothing was sent on the stream: there is no figure.');
      times.silence.push(longestSilence);
    } finally {
      await lab.stop();
    }
  }
  return times;
}

/** @returns seconds */
async function update(lab: StackLab, many?: ManyGroups): Promise<number> {
  const template = manyGroups(many);
  const began = performance.now();
  const { status, statusReason } = await lab.put(template);
  const seconds = (performance.now() - began) / 1000;
  if (status.includes('ROLLBACK') || !status.endsWith('COMPLETE')) {
    throw new Error(`The stack is ${status}: ${statusReason}`);
  }
  return seconds;
}
