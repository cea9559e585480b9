/** What a careful client never sends: forms of requests, hosts, and signatures that are missing. */

import { request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestLab, type TestLab } from './aws/testing.ts';
import { sampleRegion } from './testing.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab(sampleRegion());
});
afterAll(async () => {
  await lab.close();
  expect(lab.errors).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** As it is, with the headers that are given. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<Answer> {
  const { port } = new URL(lab.url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function signed(
  service: string,
  body: string,
  more: Record<string, string> = {},
  { method = 'POST', path = '/', host = '127.0.0.1', region = 'ap-northeast-2' } = {},
): Promise<Answer> {
  const { credentials } = lab.client;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const headers = { host, ...more };
  const made = await signer.sign({
    method,
    protocol: 'http:',
    hostname: host,
    path,
    headers,
    body,
  });
  return send(method, path, made.headers as Record<string, string>, body);
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const codeOf = ({ status, body }: Answer): string =>
  `${status} ${/<Code>(\w+)</.exec(body)?.[1] ?? JSON.parse(body).__type}`;
const messageOf = ({ body }: Answer): string =>
  /<Message>([^<]*)</.exec(body)?.[1] ?? JSON.parse(body).message;

test.each([
  ['ec2', 'Action=DescribeVpcs&Colour=red', '400 UnknownParameter', 'Colour'],
  ['ec2', 'Action=DescribeVpcs&VpcId.x=red', '400 UnknownParameter', 'VpcId.x'],
  ['ec2', 'Action=DescribeVpcs&Filter.1.Nmae=a', '400 UnknownParameter', 'Filter.1.Nmae'],
  ['ec2', 'Action=DescribeVpcs&MaxResults=many', '400 InvalidParameterValue', 'MaxResults'],
  ['ec2', 'Action=DescribeVpcs&DryRun=perhaps', '400 InvalidParameterValue', 'DryRun'],
  ['ec2', 'Action=DescribeVpcAttribute&Attribute=x', '400 MissingParameter', 'VpcId'],
  ['ec2', 'Action=MakeCoffee', '400 InvalidAction', 'MakeCoffee'],
  ['ec2', 'Version=2016-11-15', '400 MissingAction', 'Action'],
  ['ec2', 'Action=%', '400 MalformedQueryString', 'encoded'],
  ['ec2', 'Action=RunInstances', '501 NotImplemented', 'RunInstances'],
  ['cloudformation', 'Action=DescribeStacks&Colour=red', '400 ValidationError', 'Colour'],
  ['cloudformation', 'Action=CreateStack', '400 ValidationError', 'stackName'],
  [
    'cloudformation',
    'Action=ListStacks&StackStatusFilter.1=x',
    '400 ValidationError',
    'StackStatusFilter.1',
  ],
  ['cloudformation', 'Action=MakeCoffee', '400 InvalidAction', 'MakeCoffee'],
  [
    'sts',
    'Action=AssumeRole&RoleArn=x&RoleSessionName=y&DurationSeconds=z',
    '400 MalformedInput',
    'DurationSeconds',
  ],
  ['sqs', 'Action=SendMessage', '501 NotImplemented', '&quot;sqs&quot;'],
])('%s %s: %s', async (service, body, code, word) => {
  const answer = await signed(service, body, FORM);
  expect(codeOf(answer)).toBe(code);
  expect(messageOf(answer)).toContain(word);
});

test.each([
  ['GetParameter', '{"Name":1}', '400 SerializationException', 'Name'],
  ['GetParameter', '{"Name":"x","Colour":1}', '400 ValidationException', 'Colour'],
  ['GetParameter', '{}', '400 ValidationException', 'name'],
  ['GetParameters', '{"Names":"x"}', '400 SerializationException', 'Names'],
  ['GetParameter', '[', '400 SerializationException', 'no JSON'],
  ['MakeCoffee', '{}', '400 UnknownOperationException', 'MakeCoffee'],
  ['CreateDocument', '{}', '501 NotImplemented', 'CreateDocument'],
])('SSM %s %s: %s', async (operation, body, code, word) => {
  const answer = await signed('ssm', body, { 'x-amz-target': `AmazonSSM.${operation}` });
  expect(codeOf(answer)).toBe(code);
  expect(messageOf(answer)).toContain(word);
  // A value may be a secret.
  expect(answer.body).not.toContain('"x"');
});

test('Route 53: what is no XML, and what is none of its elements', async () => {
  const at = { path: '/2013-04-01/hostedzone/Z1/rrset/' };
  const change = (body: string) => signed('route53', body, {}, at);
  expect(codeOf(await change('<Change'))).toBe('400 InvalidInput');
  const root = 'ChangeResourceRecordSetsRequest';
  const unknown = await change(`<${root}><Colour/></${root}>`);
  expect(messageOf(unknown)).toContain('Colour');
  const missing = await change(`<${root}></${root}>`);
  expect(messageOf(missing)).toContain('changeBatch');
  const entity = `<!DOCTYPE x [<!ENTITY a "b">]><${root}/>`;
  expect(codeOf(await change(entity))).toBe('400 InvalidInput');
  const elsewhere = await signed('route53', '', {}, { method: 'GET', path: '/2013-04-01/coffee' });
  expect(messageOf(elsewhere)).toContain('GET /2013-04-01/coffee');
});

test('without a signature, with a wrong one, or for another region: nothing', async () => {
  const body = 'Action=DescribeVpcs';
  const host = new URL(lab.url).host;
  const bare = await send('POST', '/', { host, ...FORM }, body);
  expect(bare.status).toBeGreaterThanOrEqual(400);
  expect(bare.body).not.toContain('vpc-1');
  const changed = await signed('ec2', body, FORM);
  expect(changed.status).toBe(200);
  const scope = 'Credential=AKIAXXXXXXXXXXXXXXXX/20260101/ap-northeast-2/ec2/aws4_request';
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=00`;
  const forged = await send('POST', '/', { host, ...FORM, authorization }, body);
  expect(codeOf(forged)).toBe('401 AuthFailure');
  const elsewhere = await signed('ec2', body, FORM, { region: 'us-east-1' });
  expect(messageOf(elsewhere)).toContain("the region 'us-east-1' is wrong");
});

test('a name that a page may have rebound to this host is refused, signed or not', async () => {
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '']) {
    const answer = await signed('ec2', 'Action=DescribeVpcs', FORM, { host: host || 'x' });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('vpc-1');
  }
  const good = await signed('ec2', 'Action=DescribeVpcs', FORM, { host: 'localhost' });
  expect(good.status).toBe(200);
});

test('a bucket in the name, or in the path', async () => {
  await lab.context.objects.put('releases', 'a.txt', 'hello');
  const get = (host: string, path: string) =>
    signed('s3', '', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, { method: 'GET', host, path });
  expect((await get('releases.localhost', '/a.txt')).body).toBe('hello');
  expect((await get('releases.s3.localhost', '/a.txt')).body).toBe('hello');
  expect((await get('127.0.0.1', '/releases/a.txt')).body).toBe('hello');
});
