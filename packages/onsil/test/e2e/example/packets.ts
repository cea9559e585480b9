/** Who reaches whom, by real connections, against what the article's tables say. */
import { describe, expect, test } from 'vitest';
import { probeMatrix, renderMatrix } from '../support/matrix.ts';
import { onsil, statusOf } from '../support/onsil.ts';
import { HOSTS, LAB } from './lab.ts';

const MATRIX = {
  senders: ['internet', 'admin', ...HOSTS],
  receivers: HOSTS,
  ports: [22, 80, 443, 3000, 3306, 8080],
};

/**
 * Derived by hand from the article's tables; a letter for each of the ports 22, 80, 443, 3000,
 * 3306 and 8080.
 *
 *   C  allowed, and something listens there
 *   r  allowed, and nothing does: the host itself refuses
 *   ·  dropped: nothing answers
 *
 * Who listens: sshd on 22 everywhere; edge on 80 and 443; web on 3000; gateway on 80; the APIs
 * on 8080; database on 3306.
 *
 * - bastion lets in `admin` on 22 and 443.
 * - edge lets in everyone on 80 and 443, and nobody on 22, not even the bastion.
 * - web, gateway, api-1, api-2 are one group, the table's "private ec2": 22 from bastion; 8080,
 *   3000, 80 and 443 from edge; 8080 from itself (which the table lacks).
 * - database lets in the bastion on 22 and that group on 3306.
 * - nat lets in the private subnets on 80 and 443, and the bastion on 22. It is the only one that
 *   may not send everything: just to 80 and 443.
 * - A private host has no public address: from outside, packets for it get lost on the Internet.
 * - What a host sends to itself never leaves it, so that no group is asked: those are the letters
 *   on the diagonal.
 */
const EXPECTED = `
           bastion nat    edge   web    gatew. api-1  api-2  databa.
internet   ······ ······ ·CC··· ······ ······ ······ ······ ······
admin      C·r··· ······ ·CC··· ······ ······ ······ ······ ······
bastion    Crrrrr C····· ·CC··· C····· C····· C····· C····· C·····
nat        ······ Crrrrr ·CC··· ······ ······ ······ ······ ······
edge       ······ ······ CCCrrr ·rrC·r ·Crr·r ·rrr·C ·rrr·C ······
web        ······ ·rr··· ·CC··· CrrCrr ·····r ·····C ·····C ····C·
gateway    ······ ·rr··· ·CC··· ·····r CCrrrr ·····C ·····C ····C·
api-1      ······ ·rr··· ·CC··· ·····r ·····r CrrrrC ·····C ····C·
api-2      ······ ·rr··· ·CC··· ·····r ·····r ·····C CrrrrC ····C·
database   ······ ·rr··· ·CC··· ······ ······ ······ ······ CrrrCr
`
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.replaceAll(/\s+/g, ' '));

/** Longer than any answer takes in the lab, and than TCP's first retry. */
const TIMEOUT_MS = 1200;

export function describePackets(): void {
  describe('packets', () => {
    test('reach what the tables allow, and nothing else', async () => {
      const answers = await probeMatrix(LAB, MATRIX, TIMEOUT_MS);
      const rows = renderMatrix(MATRIX, answers).map((row) => row.replaceAll(/\s+/g, ' '));
      expect(rows).toEqual(EXPECTED);
      const outcomes = [...answers.values()].flat().map(({ outcome }) => outcome);
      const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
      expect(outcomes).toHaveLength(10 * 8 * 6);
      expect(count('connected')).toBe(54);
      expect(count('refused')).toBe(62);
      expect(count('timeout')).toBe(364);
    });

    test('of a stranger reach a private host by no address', async () => {
      const { instances } = await statusOf(LAB);
      const hidden = instances.filter(({ publicIp }) => publicIp === null);
      expect(hidden.map(({ name }) => name)).toEqual([
        ...['web', 'gateway', 'api-1', 'api-2', 'database'],
      ]);
      const open = instances.filter(({ publicIp }) => publicIp !== null);
      expect(open.map(({ name }) => name)).toEqual(['bastion', 'nat', 'edge']);
      const matrix = {
        senders: ['internet'],
        // Private addresses too: a stranger may try them.
        receivers: [...hidden, ...open].map(({ privateIp }) => privateIp),
        ports: [22, 80, 443, 3000, 3306, 8080],
      };
      const answers = await probeMatrix(LAB, matrix, TIMEOUT_MS);
      const outcomes = (answers.get('internet') ?? []).map(({ outcome }) => outcome);
      expect(outcomes).toEqual(Array.from({ length: 48 }, () => 'timeout'));
    });
  });

  describe('onsil probe', () => {
    const probe = (...words: readonly string[]) =>
      onsil(['probe', '--lab', LAB, '--timeout', '1000', ...words]);

    test('says what came of one connection, and exits with 0 only when connected', async () => {
      const results = await Promise.all([
        probe('api-1', 'database:3306'),
        probe('edge', 'web:80'),
        probe('internet', 'database:3306'),
        probe('bastion', 'web'),
      ]);
      expect(results.map(({ code }) => code)).toEqual([0, 1, 1, 0]);
      expect(results.map(({ stdout }) => stdout.replace(/\d+ ms\n$/, 'N ms'))).toEqual([
        'api-1 → database:3306  connected  N ms',
        'edge → web:80  refused  N ms',
        'internet → database:3306  timeout  N ms',
        'bastion → web:22  connected  N ms',
      ]);
      expect(results.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
    });

    test('prints JSON', async () => {
      const { stdout, code } = await probe('internet', 'database:3306', '--json');
      const answer = JSON.parse(stdout);
      expect(Object.keys(answer)).toEqual(['from', 'to', 'port', 'outcome', 'ms']);
      expect(answer).toMatchObject({
        ...{ from: 'internet', to: 'database', port: 3306, outcome: 'timeout' },
      });
      expect(answer.ms).toBeGreaterThanOrEqual(1000);
      expect(code).toBe(1);
    });

    test.each([
      [['nobody', 'database'], 1, 'There is no instance "nobody". There are: bastion, nat,'],
      [['api-1', 'nobody:80'], 1, 'There is no instance "nobody". There are: bastion, nat,'],
      [['api-1', 'database:65536'], 2, '"database:65536" is no target'],
      [['api-1', 'database:'], 2, '"database:" is no target'],
      [['api-1'], 2, "missing required argument 'to'"],
      [['api-1', 'web', '--timeout', 'soon'], 2, 'It is no milliseconds: a whole number'],
    ])('%j exits with %i', async (words, exitCode, message) => {
      const { code, stdout, stderr } = await probe(...words);
      expect(stderr).toContain(message);
      expect(code).toBe(exitCode);
      expect(stdout).toBe('');
    });
  });
}
