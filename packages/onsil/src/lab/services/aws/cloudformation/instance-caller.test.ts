/** An instance without a role asks by its identity document; who forges one is nobody. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inVpc, testRegion } from '../../../../cloudformation/testing.ts';
import { input } from '../../../stacks/testing.ts';
import { endpointsListener } from '../../endpoints.ts';
import { closeHttp } from '../../http-server.ts';
import { listen } from '../../listen.ts';
import { startTestLab, type TestLab } from '../testing.ts';

const STACK = inVpc(`Web:
  Type: AWS::EC2::Instance
  Metadata: {Who: me}
  Properties: {SubnetId: !Ref Private, ImageId: ami-0web}`);
const OTHER = 'Resources: {Gate: {Type: AWS::EC2::InternetGateway}}';

let lab: TestLab;
let instanceId: string;
let server: Server;
let port: number;

beforeEach(async () => {
  lab = await startTestLab(testRegion());
  const { stacks } = lab.context;
  stacks.createStack(input(STACK));
  stacks.createStack(input(OTHER, { stackName: 'other' }));
  await Promise.all(['shop', 'other'].map((name) => stacks.settled(name)));
  // By its name: a request of that scheme is signed for no service.
  server = createServer(endpointsListener(lab.context));
  ({ port } = await listen(server, { address: '127.0.0.1', port: 0 }, 'the endpoints'));
  instanceId = stacks.find('shop')?.stack?.resources['Web']?.physicalId ?? '';
});
afterEach(async () => {
  await closeHttp(server);
  await lab.close();
  expect(lab.errors).toEqual([]);
});

const document = (id = instanceId): string => JSON.stringify({ instanceId: id });
const signed = (text: string): string =>
  `CFN_V1 ${Buffer.from(text).toString('base64')}:${lab.context.credentials.signIdentity(text)}`;

async function ask(authorization: string, parameters: Readonly<Record<string, string>>) {
  const path = `/?${new URLSearchParams({ Version: '2010-05-15', ...parameters })}`;
  const host = 'cloudformation.ap-northeast-2.amazonaws.com';
  const request = get({ host: '127.0.0.1', port, path, headers: { host, authorization } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}
const OWN = { Action: 'DescribeStackResource', StackName: 'shop', LogicalResourceId: 'Web' };

test('it is told of its own stack', async () => {
  const { status, body } = await ask(signed(document()), OWN);
  expect(body).toContain('Who');
  expect(status).toBe(200);
});

test.each([
  [
    'with a signature of somebody else',
    () => createHmac('sha512', 'x').update(document()).digest('base64'),
  ],
  [
    'with that of another document',
    () => lab.context.credentials.signIdentity(document('i-other')),
  ],
  ['with none', () => 'AA=='],
])('a document %s is refused', async (_what, signature) => {
  const encoded = Buffer.from(document()).toString('base64');
  const { status, body } = await ask(`CFN_V1 ${encoded}:${signature()}`, OWN);
  expect(body).toContain('InvalidClientTokenId');
  expect(status).toBe(403);
});

test('what is not of that form is refused', async () => {
  const { body } = await ask('CFN_V1 nothing', OWN);
  expect(body).toContain('InvalidClientTokenId');
});

test('another stack is not its own, and other operations are not for it', async () => {
  const other = await ask(signed(document()), {
    ...OWN,
    StackName: 'other',
    LogicalResourceId: 'Gate',
  });
  expect(other.status).toBe(403);
  expect(other.body).toContain('which did not make it');
  const stranger = await ask(signed(document('i-0123456789abcdef0')), OWN);
  expect(stranger.body).toContain('which did not make it');
  const deletion = await ask(signed(document()), { Action: 'DeleteStack', StackName: 'shop' });
  expect(deletion.status).toBe(403);
  expect(deletion.body).toContain('is not authorized to perform: cloudformation:DeleteStack');
  expect(lab.context.stacks.find('shop')?.status).toBe('CREATE_COMPLETE');
  const none = await ask(signed(document()), { ...OWN, StackName: 'none' });
  expect(none.body).toContain('Stack with id none does not exist');
});
