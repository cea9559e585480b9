import type { Region } from '../../region/region.ts';
import { encodeResponse, failure, parseQuery, REFUSED, SERVFAIL } from './dns/message.ts';
import type { ServiceAddresses } from './dns/names.ts';
import { resolve } from './dns/resolve.ts';
import { type Answerer, listenDns } from './dns/server.ts';
import { createForwarder } from './dns/upstream.ts';
import type { Endpoint } from './listen.ts';

export interface DnsOptions {
  readonly region: () => Region;
  /** The network interface behind a source address. */
  readonly whoIs: (address: string) => string | undefined;
  /** Where the VPC resolver of every VPC listens; who asks decides what it sees. */
  readonly vpc: Endpoint;
  /** Where the resolver of outside hosts listens. */
  readonly public: Endpoint;
  readonly upstream: Endpoint | undefined;
  /** Milliseconds for one try at the upstream resolver. */
  readonly upstreamTimeout?: number;
  readonly addresses: ServiceAddresses;
}

export interface Dns {
  readonly vpc: Endpoint;
  readonly public: Endpoint;
  close(): Promise<void>;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
export async function startDns(options: DnsOptions): Promise<Dns> {
  const forwarder = createForwarder({
    upstream: options.upstream,
    ...(options.upstreamTimeout === undefined ? {} : { timeout: options.upstreamTimeout }),
  });

  /** `view`: the VPC, null for the public view, undefined for nobody we serve. */
  const answerer =
    (view: (from: string) => string | null | undefined): Answerer =>
    async (message, from, transport) => {
      const parsed = parseQuery(message);
      if (parsed === undefined) return undefined;
      if ('reply' in parsed) return parsed.reply;
      const { query } = parsed;
      const { name, type, class: klass } = query.question;
      try {
        const vpcId = view(from);
        const refused = vpcId === undefined || (klass ?? 'IN') !== 'IN' || isTransfer(type);
        const found = refused
          ? failure(REFUSED)
          : await resolve(
              {
                region: options.region(),
                vpcId: vpcId ?? undefined,
                addresses: options.addresses,
                forward: (asked, askedType) => forwarder.forward(asked, askedType),
              },
              name === '.' ? '.' : `${name.toLowerCase()}.`,
              type,
            );
        return encodeResponse(query, found, transport);
      } catch {
        // A record whose value cannot be put on the wire, or a name that is no name.
        return encodeResponse(query, failure(SERVFAIL), transport);
      }
    };

  const vpcOf = (from: string): string | undefined => {
    const region = options.region();
    const vpcId = region.networkInterfaces[options.whoIs(from) ?? '']?.vpcId;
    if (vpcId === undefined) return undefined;
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-support
    return region.vpcs[vpcId]?.dnsSupport === true ? vpcId : undefined;
  };

  const vpc = await listenDns(options.vpc, 'the VPC resolver', answerer(vpcOf));
  try {
    const outside = await listenDns(
      options.public,
      'the public resolver',
      answerer(() => null),
    );
    return {
      vpc: vpc.endpoint,
      public: outside.endpoint,
      async close() {
        forwarder.close();
        await Promise.all([vpc.close(), outside.close()]);
      },
    };
  } catch (cause) {
    await vpc.close();
    throw cause;
  }
}

function isTransfer(type: string): boolean {
  return type === 'AXFR' || type === 'IXFR';
}
