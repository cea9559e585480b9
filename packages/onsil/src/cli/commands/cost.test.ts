import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { cells } from '../render/table.ts';
import { runMain } from '../testing.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-cost-'));
  await writeFile(join(folder, 'old.yaml'), template(''));
  await writeFile(join(folder, 'new.yaml'), template('  Other: { Type: AWS::EC2::EIP }\n'));
  await writeFile(
    join(folder, 'unknown.yaml'),
    template('  Files: { Type: AWS::EFS::FileSystem }\n'),
  );
});

beforeEach(async () => {
  vi.stubEnv('NO_COLOR', '1');
  vi.stubEnv('ONSIL_CACHE', await mkdtemp(join(folder, 'cache-')));
});

afterAll(() => rm(folder, { recursive: true }));

/** One idle address: 0.005 × 730 = 3.65 in every region of the table. */
const template = (more: string): string =>
  `Resources:\n  Address: { Type: AWS::EC2::EIP }\n${more}`;

const cost = (file: string, ...words: readonly string[]) =>
  runMain('cost', '--template', join(folder, file), ...words);

describe('a bill', () => {
  test('fits 80 columns, and says where its prices are from', async () => {
    const { exitCode, stdout, stderr } = await runMain('cost');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const line of stdout.split('\n')) expect(cells(line), line).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001B');
    expect(stdout).toContain('$71.73 a month, on demand, before tax');
    expect(stdout).toContain('nat → NAT gateway');
    expect(stdout).toContain('$213.90 a month with all of these (+$142.17)');
    expect(stdout).toMatch(/\[1\] AWS metered-unit map ec2\.json/);
    expect(stdout).toContain('None was renewed here');
  });

  test('of a configuration in another region', async () => {
    const { stdout } = await runMain('cost', '--region', 'us-east-1', '--json');
    const { region, lines } = JSON.parse(stdout);
    expect(region).toBe('us-east-1');
    expect(lines[0]).toMatchObject({ what: 'instance t4g.nano', unitUsd: 0.0042 });
    const wrong = await runMain('cost', '--region', 'seoul');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('"seoul" is no region of AWS');
  });

  test('with amounts that are given', async () => {
    const { stdout } = await runMain('cost', '--usage', 'internetOutGb=300', '--json');
    const { usage, lines } = JSON.parse(stdout);
    expect(usage.internetOutGb).toBe(300);
    // 200 × 0.126
    const out = lines.find((line: { resource: string }) => line.resource === 'to the Internet');
    expect(out.usd).toBeCloseTo(25.2, 6);
  });

  test.each(['internetGb=3', 'vpnHours', 'vpnHours=-1', 'vpnHours=lots'])(
    '--usage %s is refused with what there is',
    async (word) => {
      const { exitCode, stderr } = await cost('old.yaml', '--usage', word);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/vpnHours=300|internetOutGb=300/);
    },
  );
});

describe('a budget', () => {
  test.each([
    ['old.yaml', '3.65', 0, 'Within the budget of $3.65: $3.65 a month.'],
    ['old.yaml', '3.60', 1, 'Over the budget of $3.60 by $0.05.'],
    ['unknown.yaml', '30', 0, 'This is judged by what is known: one thing of unknown price'],
    ['unknown.yaml', '3', 1, 'This is judged by what is known: one thing of unknown price'],
  ])('%s within %s: exit code %d', async (file, budget, code, text) => {
    const { exitCode, stdout } = await cost(file, '--budget', budget);
    expect(exitCode).toBe(code);
    expect(stdout.replaceAll('\n', ' ')).toContain(text);
  });
});

test('diff says what becomes dearer, and holds the new one to a budget', async () => {
  const sides = [join(folder, 'old.yaml'), join(folder, 'new.yaml')];
  const { exitCode, stdout } = await runMain('cost', 'diff', ...sides);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Other: idle Elastic IP +- +\$0\.005 × 730 h +\+\$3\.65/);
  expect(stdout).toContain('$3.65 → $7.30 a month (+$3.65)');
  expect((await runMain('cost', 'diff', ...sides, '--budget', '7')).exitCode).toBe(1);
  const same = await runMain('cost', 'diff', sides[0] ?? '', sides[0] ?? '');
  expect(same.stdout).toBe('Nothing costs more or less than before: $3.65 a month.\n');
  const { changes } = JSON.parse((await runMain('cost', 'diff', ...sides, '--json')).stdout);
  expect(changes).toHaveLength(1);
});

/** Answers as the Price List Query API does: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html */
async function priceServer(answer: (body: Asked) => object, status = 200) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      expect(request.headers['x-amz-target']).toBe('AWSPriceListService.GetProducts');
      expect(request.headers.authorization).toContain('/us-east-1/pricing/aws4_request');
      const body = JSON.parse(text);
      asked.push(body);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_PRICING', `http://127.0.0.1:${port}`);
  return { asked, [Symbol.asyncDispose]: async () => void server.close() };
}

interface Asked {
  readonly ServiceCode: string;
  readonly Filters: readonly { readonly Field: string; readonly Value: string }[];
  readonly NextToken?: string;
}

const idle = (usd: string, usagetype = 'APN2-PublicIPv4:IdleAddress'): string =>
  JSON.stringify({
    product: { attributes: { usagetype, group: 'VPCPublicIPv4Address' }, sku: 'ABCDEF' },
    serviceCode: 'AmazonVPC',
    terms: {
      OnDemand: {
        'ABCDEF.JRTCKXETXF': {
          priceDimensions: {
            'ABCDEF.JRTCKXETXF.6YS6EN2CT7': {
              ...{ unit: 'Hrs', beginRange: '0', endRange: 'Inf' },
              pricePerUnit: { USD: usd },
            },
          },
        },
      },
    },
    publicationDate: '2026-11-12T20:31:45Z',
  });

describe('refresh', () => {
  const credentials = (): void => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  };

  test('keeps what AWS answers, and a bill says that it was reckoned with it', async () => {
    credentials();
    // The second page has what the first one lacks.
    await using server = await priceServer(({ ServiceCode, NextToken }) => {
      if (ServiceCode !== 'AmazonVPC') return { FormatVersion: 'aws_v1', PriceList: [] };
      return NextToken === undefined
        ? { PriceList: [idle('0.007', 'APN2-Other')], NextToken: 'more' }
        : { PriceList: [idle('0.0060000000')] };
    });
    const { exitCode, stdout } = await runMain('cost', 'refresh');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('$0.005 → $0.006');
    expect(stdout).toContain('not found: NAT gateway (VPC)');
    const of = server.asked.find(({ ServiceCode }) => ServiceCode === 'AmazonVPC')?.Filters;
    expect(of).toContainEqual({ Type: 'TERM_MATCH', Field: 'regionCode', Value: 'ap-northeast-2' });
    const file = join(process.env['ONSIL_CACHE'] ?? '', 'prices.json');
    expect(JSON.parse(await readFile(file, 'utf8')).prices).toHaveLength(1);

    const bill = await cost('old.yaml');
    // 0.006 × 730
    expect(bill.stdout).toContain('$4.38 a month');
    expect(bill.stdout.replaceAll(/\s+/g, ' ')).toContain(`by onsil cost refresh: ${file}`);
    expect(bill.stdout).toContain('SKU ABCDEF');
    const elsewhere = await cost('old.yaml', '--region', 'us-east-1');
    expect(elsewhere.stdout).toContain('$3.65 a month');
  });

  test('without credentials says so, and keeps nothing', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'));
    const { exitCode, stderr } = await runMain('cost', 'refresh');
    expect(exitCode).toBe(1);
    expect(stderr).toContain("AWS's price list is asked with credentials");
    expect(stderr).toContain('Set AWS_PROFILE');
    expect((await cost('old.yaml')).stdout).toContain('None was renewed here');
  });

  test('that AWS refuses names the permission', async () => {
    credentials();
    const refusal = { __type: 'AccessDeniedException', Message: 'not authorized.' };
    await using _server = await priceServer(() => refusal, 400);
    const { exitCode, stderr } = await runMain('cost', 'refresh');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('pricing:GetProducts');
  });

  test('that finds nothing keeps nothing', async () => {
    credentials();
    await using _server = await priceServer(() => ({ PriceList: [] }));
    const { exitCode, stdout } = await runMain('cost', 'refresh', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ renewed: 0 });
  });

  test('a table that is broken is named, not left out', async () => {
    await writeFile(join(process.env['ONSIL_CACHE'] ?? '', 'prices.json'), '{}');
    const { exitCode, stderr } = await cost('old.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is no table of prices: it has no prices and sources');
  });
});
