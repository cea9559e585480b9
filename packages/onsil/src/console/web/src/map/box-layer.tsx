import { memo } from 'react';
import { boxStyle } from './colours.ts';
import { Icon } from './icon.tsx';
import { useShared } from './shared.ts';

/** Region, VPCs, zones and subnets, as AWS draws them. */
export const BoxLayer = memo(function BoxLayer() {
  const { scene } = useShared();
  return scene.boxes.map(({ id, kind, x, y, width, height, title, detail }) => (
    <div
      key={id}
      className={`box box-${kind}`}
      style={{ left: x, top: y, width, height, ...boxStyle(kind) }}
    >
      {kind !== 'zone' && <Icon kind={kind} />}
      <strong>{title}</strong> {detail === title ? '' : detail}
    </div>
  ));
});
