/** The site, from the lab's Internet over TLS and from the host's loopback. */
import { describe, expect, test } from 'vitest';
import { ask } from '../support/site.ts';
import { until } from '../support/until.ts';
import { exec, start, stop } from './lab.ts';

const DOMAIN = 'everydaehwa.net';

/** Status, place of a redirect, and curl's own verdict on the certificate: 0 is right. */
const curl = (...words: readonly string[]) =>
  exec(
    ...[
      'internet',
      'curl',
      '--silent',
      '--show-error',
      '--max-time',
      '10',
      '--output',
      '/dev/null',
    ],
    ...['--write-out', '%{http_code} %{redirect_url} %{ssl_verify_result}', ...words],
  );

export function describeSite(site: () => string): void {
  describe('the site', () => {
    test('verifies against the public authority, for both of its names', async () => {
      const [bare, www] = await Promise.all([
        curl(`https://${DOMAIN}/`),
        curl(`https://www.${DOMAIN}/login?a=b`),
      ]);
      expect(bare).toMatchObject({ code: 0, stdout: '200  0' });
      expect(www).toMatchObject({ code: 0, stdout: `301 https://${DOMAIN}/login?a=b 0` });
    });

    test('does not verify against any other authority', async () => {
      const result = await curl(
        ...['--capath', '/none', '--cacert', '/etc/ssl/certs/ISRG_Root_X1.pem'],
        `https://${DOMAIN}/`,
      );
      // https://curl.se/libcurl/c/libcurl-errors.html: CURLE_PEER_FAILED_VERIFICATION
      expect(result.code).toBe(60);
    });

    test('has a certificate with both names and no other', async () => {
      const script =
        `openssl s_client -connect ${DOMAIN}:443 -servername ${DOMAIN} </dev/null 2>/dev/null |` +
        'openssl x509 -noout -ext subjectAltName';
      const { stdout } = await exec('internet', 'sh', '-c', script);
      const names = stdout.match(/DNS:[^,\s]+/g) ?? [];
      expect(names.toSorted()).toEqual([`DNS:${DOMAIN}`, `DNS:www.${DOMAIN}`]);
    });

    test('sends port 80 to 443, and shows nothing to who asks for another name', async () => {
      const [redirect, stranger] = await Promise.all([
        curl(`http://${DOMAIN}/login`),
        curl('--header', 'Host: other.example', `http://${DOMAIN}/`),
      ]);
      expect(redirect).toMatchObject({ code: 0, stdout: `301 https://${DOMAIN}/login 0` });
      expect(stranger).toMatchObject({ code: 52, stdout: '000  0' });
    });

    test('is served by both APIs, and goes on when one is switched off', async () => {
      const served = async () => {
        const answers = [];
        for (let count = 0; count < 8; count += 1) {
          const { status, body } = await ask(site(), '/api/health');
          answers.push(status === 200 ? JSON.parse(body).instance : status);
        }
        return [...new Set(answers)].toSorted();
      };
      const names = await Promise.all(
        ['api-1', 'api-2'].map(async (name) => (await exec(name, 'hostname')).stdout.trim()),
      );
      const both = names.toSorted();
      expect(await served()).toEqual(both);
      await stop('api-1');
      try {
        expect(await served()).toEqual([names[1]]);
      } finally {
        await start('api-1');
      }
      // nginx asks a host that failed again after ten seconds.
      await until('api-1 to serve again', served, (found) => found.length === 2);
      expect(await served()).toEqual(both);
    });

    test('refuses what another site’s page sends', async () => {
      const answer = await ask(site(), '/api/sessions', {
        ...{ method: 'POST', json: {}, origin: 'http://other.localhost:8080' },
      });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({
        title: '다른 사이트에서 보낸 요청은 받지 않습니다.',
      });
    });
  });
}
