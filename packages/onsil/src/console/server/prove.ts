/** What a real packet says beside the model. */
import { probe } from '../../lab/daemon/probes.ts';
import type { Proof, Question } from '../api.ts';
import { whyWords } from '../model/answers.ts';
import { AskedError, type Context } from './context.ts';
import type { Shell } from './names.ts';

const PROBE_MS = 3000;

/** One TCP connection, as `onsil probe` opens it, beside what the model says. */
export async function prove(context: Context, shell: Shell, question: Question): Promise<Proof> {
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

/** The shell line of a question. */
export function whyCommand(shell: Shell, question: Question): string {
  return shell.question('why', ...whyWords(question));
}
