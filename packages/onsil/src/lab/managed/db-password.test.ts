import { expect, test } from 'vitest';
import { nativePassword, scramVerifier } from './db-password.ts';

test("MySQL's PASSWORD() of its manual", () => {
  // Of MySQL's reference manual: https://dev.mysql.com/doc/refman/5.7/en/encryption-functions.html
  expect(nativePassword('mypass')).toBe('*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4');
});

test('a verifier from the exchange of RFC 7677', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  const verifier = scramVerifier('pencil', salt);
  const [, keys = ''] = /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$(.+)$/.exec(verifier) ?? [];
  expect(keys).toBe(
    'WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});
