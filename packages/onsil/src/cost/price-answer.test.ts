import { describe, expect, test } from 'vitest';
import { answerOf } from './price-answer.ts';
import { fileOf, overlaid, tableOf } from './price-file.ts';
import { type PriceQuery, priceQueries } from './price-queries.ts';
import { PRICES, priceOf } from './prices.ts';

const TODAY = '2026-11-26';

interface Tier {
  readonly usd: string;
  readonly begin?: string;
  readonly end?: string;
}

/** A product as `aws pricing get-products` prints it: one JSON text. */
function product(
  usagetype: string,
  unit: string,
  tiers: readonly Tier[],
  sku = 'HY3BZPP2B6K8MSJF',
) {
  const term = `${sku}.JRTCKXETXF`;
  return JSON.stringify({
    product: {
      productFamily: 'NAT Gateway',
      attributes: {
        ...{ regionCode: 'ap-northeast-2', servicecode: 'AmazonEC2', usagetype },
        ...{
          locationType: 'AWS Region',
          location: 'Asia Pacific (Seoul)',
          operation: 'NatGateway',
        },
      },
      sku,
    },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: Object.fromEntries(
            tiers.map(({ usd, begin = '0', end = 'Inf' }, index) => {
              const rateCode = `${term}.6YS6EN2CT${index}`;
              const range = { beginRange: begin, endRange: end };
              const description = `$${usd} per ${unit}`;
              const money = { appliesTo: [], pricePerUnit: { USD: usd } };
              return [rateCode, { unit, ...range, description, rateCode, ...money }];
            }),
          ),
          ...{ sku, effectiveDate: '2026-10-01T00:00:00Z' },
          ...{ offerTermCode: 'JRTCKXETXF', termAttributes: {} },
        },
      },
    },
    version: '20261112203145',
    publicationDate: '2026-11-12T20:31:45Z',
  });
}

function queryFor(service: string, start: string): PriceQuery {
  const found = priceQueries(PRICES).find(
    (each) => each.service === service && each.item.startsWith(start),
  );
  if (found === undefined) throw new Error(`nothing asks for ${start}`);
  return found;
}

describe('an answer', () => {
  const nat = queryFor('VPC', 'NAT gateway');

  test('is the price of the one product that is meant, with its day and number', () => {
    const answer = answerOf(
      nat,
      [
        product('APN2-NatGateway-Hours', 'Hrs', [{ usd: '0.0610000000' }]),
        // What the same filters find beside it.
        product('APN2-NatGateway-Bytes', 'GB', [{ usd: '0.0590000000' }], 'OTHER'),
        product('APN2-RegionalNatGateway-Hours', 'Hrs', [{ usd: '0.1000000000' }], 'NEWER'),
      ],
      TODAY,
    );
    const source =
      'AWS Price List Query API, AmazonEC2, SKU HY3BZPP2B6K8MSJF, published 2026-11-12';
    expect(answer).toEqual({
      price: { usd: 0.061, date: TODAY, source, confidence: 'high' },
    });
  });

  test('is none where nothing is meant, and none where two prices are', () => {
    const other = product('APN2-NatGateway-Bytes', 'GB', [{ usd: '0.059' }]);
    expect(answerOf(nat, [], TODAY)).toEqual({
      lacking: 'nothing of usage type NatGateway-Hours',
    });
    expect(answerOf(nat, [other], TODAY)).toEqual({
      lacking: 'nothing of usage type NatGateway-Hours',
    });
    const two = ['0.0590000000', '0.0600000000'].map((usd) =>
      product('APN2-NatGateway-Hours', 'Hrs', [{ usd }]),
    );
    expect(answerOf(nat, two, TODAY)).toEqual({
      lacking: 'several prices of usage type NatGateway-Hours: $0.059, $0.06',
    });
  });

  test('of prices by amount is the first one', () => {
    const out = queryFor('Data transfer', 'Internet out, first 10 TB');
    const tiers = [
      { usd: '0.1220000000', begin: '10240', end: '51200' },
      { usd: '0.1260000000', begin: '0', end: '10240' },
    ];
    const text = product('APN2-DataTransfer-Out-Bytes', 'GB', tiers);
    expect(answerOf(out, [text], TODAY)).toMatchObject({ price: { usd: 0.126 } });
  });

  test('is in the unit of the table', () => {
    const throughput = queryFor('EBS', 'gp3 provisioned throughput');
    const list = product('APN2-EBS:VolumeP-Throughput.gp3', 'GiBps-mo', [{ usd: '46.6944000000' }]);
    expect(answerOf(throughput, [list], TODAY)).toMatchObject({ price: { usd: 0.0456 } });
    const queries = queryFor('Route 53', 'Standard queries, first');
    const dns = product('DNS-Queries', 'Queries', [{ usd: '0.0000004000', end: '1000000000' }]);
    expect(answerOf(queries, [dns], TODAY)).toMatchObject({ price: { usd: 0.4 } });
  });

  test.each(['NatGateway-Hours', 'EU-NatGateway-Hours', 'USE1-NatGateway-Hours'])('%s', (type) => {
    const text = product(type, 'Hrs', [{ usd: '0.048' }]);
    expect(answerOf(nat, [text], TODAY)).toMatchObject({ price: { usd: 0.048 } });
  });

  test('is not of a load balancer with a trust store', () => {
    const balancer = queryFor('ELB', 'ALB');
    const text = product('TS-LoadBalancerUsage', 'Hrs', [{ usd: '0.0056' }]);
    expect(answerOf(balancer, [text], TODAY)).toHaveProperty('lacking');
  });
});

test('an instance type that the table does not have is asked for as the others are', () => {
  const queries = priceQueries(PRICES, ['m7g.medium', 'c8g.large']);
  const asked = queries.filter(({ item }) => /(m7g\.medium|c8g\.large)$/.test(item));
  expect(asked.map(({ usageType }) => usageType)).toEqual([
    'BoxUsage:m7g.medium',
    'BoxUsage:c8g.large',
  ]);
  expect(new Set(queries.map(({ service, item }) => `${service}/${item}`)).size).toBe(
    queries.length,
  );
});

test('a renewed figure takes the place of the old one; a file gives what was put into it', () => {
  const price = { usd: 0.061, date: TODAY, source: 'asked', confidence: 'high' } as const;
  const other = { ...price, source: 'asked too', usd: 1 };
  const renewed = [
    { service: 'VPC', item: 'NAT gateway', unit: 'hour', figures: { 'ap-northeast-2': price } },
    {
      service: 'EC2',
      item: 'Linux on-demand c8g.large',
      unit: 'hour',
      figures: { 'sa-east-1': other },
    },
  ];
  const { table, refreshed } = tableOf(JSON.stringify(fileOf(renewed, TODAY)));
  expect({ table, refreshed }).toEqual({ table: renewed, refreshed: TODAY });
  const all = overlaid(PRICES, table);
  expect(priceOf(all, 'ap-northeast-2', 'VPC', 'NAT gateway')).toMatchObject(price);
  expect(priceOf(all, 'us-east-1', 'VPC', 'NAT gateway')?.usd).toBe(0.045);
  expect(priceOf(all, 'sa-east-1', 'EC2', 'Linux on-demand c8g.large')?.usd).toBe(1);
  expect(() => tableOf('{"prices": []}')).toThrow('it has no prices and sources');
});
