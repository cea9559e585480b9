import { expect, test } from 'vitest';
import { baseRegion } from '../../region/base-region.ts';
import { imageIdOf } from '../../region/image.ts';
import { BUILT_IN, chooseImage, standIns } from './choose.ts';

const AL2023 = imageIdOf(
  '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  'ap-northeast-2',
);
const named = (...names: readonly string[]) => names.map((name) => ({ name }));

test('by the id of the AMI, its name, its system, in that order', () => {
  const { name, os } = chooseImage(AL2023, []);
  expect(os).toBe('amazon-linux-2023');
  const all = [AL2023, name ?? '', os ?? ''];
  for (const [index, wanted] of all.entries()) {
    const { runs, standsIn } = chooseImage(AL2023, named(...all.slice(index).toReversed()));
    expect([runs, standsIn]).toEqual([wanted, false]);
  }
});

test('Debian stands in for all others, and is itself for Debian', () => {
  expect(chooseImage(AL2023, named('ubuntu'))).toMatchObject({ runs: BUILT_IN, standsIn: true });
  expect(chooseImage('ami-0unknown', [])).toEqual({
    ...{ ami: 'ami-0unknown', name: null, os: null, runs: BUILT_IN, standsIn: true },
  });
  const debian = imageIdOf('/aws/service/debian/release/12/latest/amd64', 'ap-northeast-2');
  expect(chooseImage(debian, [])).toMatchObject({ os: BUILT_IN, runs: BUILT_IN, standsIn: false });
});

test('what stands in is told once for each AMI, with its instances and what to do', () => {
  const instance = (id: string, imageId: string) => ({ id, name: id, imageId }) as never;
  const region = {
    ...baseRegion('ap-northeast-2'),
    instances: {
      a: instance('a', AL2023),
      b: instance('b', AL2023),
      c: instance('c', 'ami-0unknown'),
    },
  };
  const [one, two, ...more] = standIns(region, []);
  expect(more).toEqual([]);
  expect(one).toMatch(
    /^debian-12 stands in for ami-\w+ \(.+\) on a, b; to run it: onsil image add amazon-linux-2023 FILE$/,
  );
  expect(two).toBe(
    'debian-12 stands in for ami-0unknown on c; to run it: onsil image add ami-0unknown FILE',
  );
  expect(standIns(region, named('amazon-linux-2023', 'ami-0unknown'))).toEqual([]);
});
