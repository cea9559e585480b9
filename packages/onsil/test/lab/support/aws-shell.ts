/**
 * Debian's AWS CLI, its own main once for each command, in one Python: starting one takes longer
 * than most of the commands.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

const LOOP = `
import contextlib, io, json, sys
from awscli.clidriver import create_clidriver
answers = sys.stdout
for line in sys.stdin:
  out = io.TextIOWrapper(io.BytesIO(), encoding='utf-8', write_through=True)
  err = io.TextIOWrapper(io.BytesIO(), encoding='utf-8', write_through=True)
  with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    try: code = create_clidriver().main(json.loads(line))
    except SystemExit as end: code = end.code
  texts = [each.buffer.getvalue().decode() for each in (out, err)]
  print(json.dumps({'code': code, 'stdout': texts[0], 'stderr': texts[1]}), file=answers, flush=True)
`;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class AwsShell {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;

  constructor(env: NodeJS.ProcessEnv, cwd: string) {
    this.#child = spawn('/usr/bin/python3', ['-c', LOOP], {
      ...{ env, cwd },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout ?? process.stdin });
    this.#ended = once(this.#child, 'exit').then(() =>
      Promise.reject(new Error('the shell has ended')),
    );
    this.#ended.catch(() => {});
  }

  /** One command after another. */
  async run(args: readonly string[]): Promise<Ran> {
    const answer = once(this.#lines, 'line');
    this.#child.stdin?.write(`${JSON.stringify(args)}\n`);
    const [line] = await Promise.race([answer, this.#ended]);
    return JSON.parse(String(line)) as Ran;
  }

  end(): void {
    this.#child.kill();
  }
}
