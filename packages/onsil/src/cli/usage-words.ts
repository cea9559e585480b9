/** `--usage name=amount` words. */
import { isUsageName, USAGE_NAMES, type Usage } from '../cost/usage.ts';
import { UsageError } from './errors.ts';

/** Throws UsageError for a name that there is not, or what is no amount. */
export function usageOf(words: readonly string[]): Partial<Usage> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      const name = word.slice(0, Math.max(at, 0));
      const amount = word.slice(at + 1);
      if (!isUsageName(name)) {
        throw new UsageError(
          `--usage ${JSON.stringify(word)} is no amount of one of these: ${USAGE_NAMES.join(', ')}. ` +
            'Write e.g. --usage internetOutGb=300.',
        );
      }
      if (!/^\d+(\.\d+)?$/.test(amount)) {
        throw new UsageError(
          `--usage ${JSON.stringify(word)} has no amount: a number that is not below zero, e.g. ${name}=300.`,
        );
      }
      return [name, Number(amount)];
    }),
  );
}
