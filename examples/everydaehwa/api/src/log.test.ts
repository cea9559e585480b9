import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

describe('the log', () => {
  it('writes one JSON object per line, with the level by name', () => {
    const lines: string[] = [];
    createLog('info', { write: (line) => lines.push(line) }).info({ requestId: 'r1' }, 'hello');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      requestId: 'r1',
      msg: 'hello',
    });
  });

  it('never writes the values of a failed statement, at any depth', () => {
    const values = { sql: "insert into users values ('secret')", sqlMessage: "'secret' is bad" };
    const inner = Object.assign(new Error("'secret' is bad"), { code: 'ER_BAD', ...values });
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => lines.push(line) });
    log.error({ err: new Error('sign-up failed', { cause: inner }) });
    expect(lines.join()).toContain('ER_BAD');
    expect(lines.join()).toContain('log.test.ts');
    expect(lines.join()).not.toContain('secret');
  });
});
