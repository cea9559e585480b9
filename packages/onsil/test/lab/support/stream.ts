/** Connections that are never idle. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PumpReport } from './pump.ts';

export interface Stream {
  /** Closes it. @returns what was seen of it from the first byte to the last */
  end(): Promise<PumpReport>;
  /** Ends it at once, whatever becomes of its bytes. */
  cut(): void;
}

/** A stream from inside a network namespace to a listener that echoes after a line of its own. */
export async function streamFrom(
  namespaceFile: string,
  host: string,
  port: number,
): Promise<Stream> {
  const program = [process.execPath, '--no-warnings', join(import.meta.dirname, 'pump.ts')];
  const child = spawn('nsenter', [`--net=${namespaceFile}`, '--', ...program, host, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const next = async (): Promise<string> => String((await once(lines, 'line'))[0]);
  const first = await next();
  if (first !== 'ready') throw new Error(`There is no stream to ${host}:${port}: ${first}`);
  return {
    end: async () => {
      const report = next();
      child.stdin.end();
      return JSON.parse(await report) as PumpReport;
    },
    cut: () => void child.kill('SIGKILL'),
  };
}
