/** What `reach` says of the example, against a packet for every pair and every port it names. */
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/verify/verify.ts';
import { onsil } from '../support/onsil.ts';
import { HOSTS, LAB } from './lab.ts';

export function describeVerify(): void {
  describe('onsil verify', () => {
    test('finds that every packet does what reach says', async () => {
      const { code, stdout } = await onsil(['verify', '--lab', LAB, '--seed', '1', '--json']);
      const report: Report = JSON.parse(stdout);
      expect(report.disagreed).toEqual([]);
      expect(report.notConclusive).toEqual([]);
      expect(code).toBe(0);
      expect(report.agreed + report.open).toBe(report.sent);
      // Each host to each other one and to the two outside, on a dozen ports.
      expect(report.sent).toBeGreaterThan(10 * HOSTS.length * (HOSTS.length + 1));
      expect(report.reachable).toBeGreaterThan(100);
    });
  });
}
