import { expect, test } from 'vitest';
import { IMAGES, imageIdOf, imageOf } from './image.ts';
import { publicParameters } from './parameter.ts';

const ARM64 = '/aws/service/debian/release/12/latest/arm64';

test('a public parameter gives an AMI id whose image is known', () => {
  const id = publicParameters('ap-northeast-2')[ARM64]?.value ?? '';
  expect(id).toMatch(/^ami-0[0-9a-f]{16}$/);
  expect(imageOf(id)).toEqual({ name: 'debian-12-arm64', os: 'debian-12', architecture: 'arm64' });
});

test('ids differ by region, as on AWS, and name the same image', () => {
  expect(imageIdOf(ARM64, 'us-east-1')).not.toBe(imageIdOf(ARM64, 'ap-northeast-2'));
  expect(imageOf(imageIdOf(ARM64, 'us-east-1'))).toEqual(IMAGES[ARM64]);
});

test('every image is told from every other by its id', () => {
  for (const [path, image] of Object.entries(IMAGES)) {
    expect(imageOf(imageIdOf(path, 'eu-west-1'))).toEqual(image);
  }
});

test("somebody else's AMI is unknown", () => {
  expect(imageOf('ami-0d5eff06f840b45e9')).toBeUndefined();
});
