import { style } from '../render/style.ts';

/** Prints every check. @returns 1 when one failed */
export async function doctor(options: { readonly json?: boolean }): Promise<number> {
  const [{ runChecks }, { leftOvers }] = await Promise.all([
    import('../../lab/host/doctor.ts'),
    import('../../lab/daemon/down.ts'),
  ]);
  const checks = await runChecks({ leftOvers });
  if (options.json === true) console.log(JSON.stringify(checks));
  else {
    for (const check of checks) {
      const [mark, colour] = MARKS[check.state];
      console.log(`${style(process.stdout, colour, mark)} ${check.title}  ${check.detail}`);
      if (check.fix !== undefined) console.log(`  → ${check.fix}`);
    }
  }
  return checks.some((check) => check.state === 'failed') ? 1 : 0;
}

const MARKS = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
} as const;
