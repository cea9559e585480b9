import { expect, test } from 'vitest';
import { flowCommand } from './command.ts';

test('the line names another lab than the service’s own, and a host is one word whatever is in it', () => {
  const own = { lab: 'shop', service: 'shop' };
  expect(flowCommand(own, {})).toBe('npx onsil flow');
  expect(flowCommand({ lab: 'other', service: 'shop' }, { host: 'api-1', only: 'rejected' })).toBe(
    'npx onsil flow --lab other api-1 --rejected',
  );
  // The host is out of the address, and the line is for somebody's shell.
  expect(flowCommand(own, { host: '$(reboot)' })).toBe("npx onsil flow '$(reboot)'");
});
