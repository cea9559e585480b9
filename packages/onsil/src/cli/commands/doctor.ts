import { style } from '../render/style.ts';

/** Prints every check. @returns 1 when one failed */
export async function doctor(options: { readonly json?: boolean }): Promise<number> {
  const [{ runChecks }, { leftOvers }, { readStatus }] = await Promise.all([
    import('../../lab/host/doctor.ts'),
    import('../../lab/daemon/down.ts'),
    import('../../lab/daemon/client.ts'),
  ]);
  const dead = async (): Promise<readonly string[]> => {
    const labs = await leftOvers();
    const living = await Promise.all(labs.map(readStatus));
    return labs.filter((_, index) => living[index] === undefined);
  };
  const checks = await runChecks({ leftOvers: dead });
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
