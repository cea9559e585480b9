/** AWS's price list, asked with the shell's credentials (`pricing:GetProducts`). */
import type { PriceQuery } from '../cost/price-queries.ts';
import { AwsError, isAboutCredentials, messageOf } from './aws-error.ts';

/** One of the three regions that answer, for prices of every region. */
const ANSWERS = 'us-east-1';

export interface PriceList {
  /** The products that a query's filters match, each as the JSON text that AWS gives. */
  ask(query: PriceQuery): Promise<readonly string[]>;
  close(): void;
}

/**
 * @param region whose prices are wanted
 * `ask` throws AwsError where there are no credentials or they may not ask.
 */
export async function priceList(region: string): Promise<PriceList> {
  const { PricingClient, paginateGetProducts } = await import('@aws-sdk/client-pricing');
  const client = new PricingClient({ region: ANSWERS });
  return {
    async ask({ serviceCode, filters, global }) {
      const all = { ...filters, ...(global === true ? {} : { regionCode: region }) };
      const input = {
        ServiceCode: serviceCode,
        Filters: Object.entries(all).map(([Field, Value]) => ({
          ...{ Type: 'TERM_MATCH' as const, Field, Value },
        })),
      };
      const found: string[] = [];
      try {
        for await (const { PriceList = [] } of paginateGetProducts({ client }, input)) {
          // The SDK wraps each text in an object that is one.
          found.push(...PriceList.map(String));
        }
      } catch (cause) {
        throw refused(cause);
      }
      return found;
    },
    close: () => client.destroy(),
  };
}

function refused(cause: unknown): Error {
  if (isAboutCredentials(cause)) {
    return new AwsError(
      `AWS's price list is asked with credentials, and there are none that it takes: ${sentence(cause)} ` +
        'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Without them ' +
        'onsil cost goes on with the prices that it has.',
      { cause },
    );
  }
  return new AwsError(
    `AWS's price list did not answer: ${sentence(cause)} ` +
      'Whoever asks needs the permission pricing:GetProducts.',
    { cause },
  );
}

/** Some messages of the SDK end without a full stop. */
const sentence = (cause: unknown): string => messageOf(cause).replace(/[^.!?]$/, '$&.');
