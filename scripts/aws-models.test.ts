import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modelFile, models } from './aws-models.ts';

test('the committed models are those that AWS publishes, byte for byte', () => {
  const made = models();
  expect([...made.keys()]).toContain('ec2');
  for (const [service, text] of made) {
    expect(
      readFileSync(modelFile(service), 'utf8') === text,
      `${service}: node scripts/aws-models.ts`,
    ).toBe(true);
    expect(JSON.parse(text).note).toContain('Apache License 2.0');
  }
});
