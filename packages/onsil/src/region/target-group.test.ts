import { expect, test } from 'vitest';
import { emptyRegion, type Region } from './region.ts';
import { type TargetGroup, targetsOf } from './target-group.ts';

test('targets are those that were registered, and the members of Auto Scaling groups, each once', () => {
  const group = { arn: 'arn:1', port: 80, targets: [{ id: 'i-1' }, { id: 'i-2', port: 81 }] };
  const member = (targetGroupArns: string[], ...instanceIds: string[]) => ({
    targetGroupArns,
    members: instanceIds.map((id) => ({ id, state: 'InService' })),
  });
  const region = {
    ...emptyRegion('ap-northeast-2'),
    autoScalingGroups: {
      one: member(['arn:1'], 'i-1', 'i-2', 'i-3'),
      other: member(['arn:2'], 'i-4'),
    },
  } as unknown as Region;
  expect(targetsOf(region, group as unknown as TargetGroup)).toEqual([
    ...[{ id: 'i-1' }, { id: 'i-2', port: 81 }, { id: 'i-2' }, { id: 'i-3' }],
  ]);
});
