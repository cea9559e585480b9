import { expect, test } from 'vitest';
import { labLine, word } from './shell-line.ts';

test('a lab that is called as its service need not be named', () => {
  expect(labLine({ lab: 'shop', service: 'shop' }, 'logs', 'api-1', '-f')).toBe(
    'npx onsil logs api-1 -f',
  );
  expect(labLine({ lab: 'dev', service: 'shop' }, 'stop', 'nat')).toBe(
    'npx onsil stop --lab dev nat',
  );
  expect(labLine({ lab: 'dev', service: null }, 'stop', 'nat')).toBe(
    'npx onsil stop --lab dev nat',
  );
});

test('words that a shell would take apart are quoted', () => {
  expect(word('api-1:8080')).toBe('api-1:8080');
  expect(word('two words')).toBe(`'two words'`);
  expect(word(`it's`)).toBe(`'it'\\''s'`);
});
