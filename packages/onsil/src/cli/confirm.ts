/** Questions to whoever sits at the terminal. */
import { createInterface } from 'node:readline/promises';
import { UsageError } from './errors.ts';

export interface Answers {
  /** Everything is agreed to beforehand. */
  readonly yes: boolean;
}

/** Whether there is anybody to ask. */
export const somebody = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true;

/** A question that "y" answers. */
export async function agree(question: string, { yes }: Answers): Promise<boolean> {
  if (yes) return true;
  return /^y(es)?$/i.test(await answer(`${question} [y/N] `));
}

/** A question that only the name itself answers: for what cannot be taken back. */
export async function typed(question: string, name: string, { yes }: Answers): Promise<boolean> {
  if (yes) return true;
  return (await answer(`${question}\nType ${name} to go on: `)) === name;
}

async function answer(prompt: string): Promise<string> {
  if (!somebody()) {
    throw new UsageError('There is nobody to ask: give --yes to agree beforehand.');
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(prompt)).trim();
  } finally {
    lines.close();
  }
}
