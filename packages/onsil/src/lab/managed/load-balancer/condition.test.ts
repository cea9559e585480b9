import { expect, test } from 'vitest';
import type { RuleCondition } from '../../../region/listener.ts';
import { conditionText } from './condition.ts';
import { literal, quoted } from './text.ts';

test.each<[string, RuleCondition, string]>([
  [
    'a host, in any case, without its port',
    { field: 'host-header', values: ['*.Example.com', 'a.b'] },
    String.raw`{ req.hdr(host),field(1,:) -m reg -i -- '^.*\.Example\.com$' '^a\.b$' }`,
  ],
  [
    'a path, as it is written',
    { field: 'path-pattern', values: ['/img/?/*.(x)'] },
    String.raw`{ path -m reg -- '^/img/./.*\.\(x\)$' }`,
  ],
  [
    'methods',
    { field: 'http-request-method', values: ['GET', 'PURGE'] },
    "{ method -m str -- 'GET' 'PURGE' }",
  ],
  ['sources', { field: 'source-ip', values: ['10.0.0.0/8'] }, "{ src -m ip -- '10.0.0.0/8' }"],
  [
    'a header',
    { field: 'http-header', headerName: 'User-Agent', values: ['*Chrome*'] },
    "{ 'req.fhdr(User-Agent)' -m reg -i -- '^.*Chrome.*$' }",
  ],
  [
    'a header that no header can be called',
    { field: 'http-header', headerName: 'a) -f /etc/shadow', values: ['*'] },
    '{ always_false }',
  ],
  [
    'a query with a key, and one without',
    { field: 'query-string', values: [{ key: 'v', value: '1.?' }, { value: 'x*' }] },
    String.raw`{ query -m reg -i -- '(^|&)v=1\.[^&](&|$)' '(^|&)([^=&]*=)?x[^&]*(&|$)' }`,
  ],
])('%s', (_what, condition, expected) => {
  expect(conditionText(condition)).toBe(expected);
});

test('nothing in a text ends its word or its line', () => {
  expect(quoted("a'b\nc d#")).toBe(String.raw`'a'\''bc d#'`);
  expect(literal('100%\r\n')).toBe('100%%');
});
