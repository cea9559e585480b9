import { memo } from 'react';
import type { NodeKind } from '../../../../diagram/scene.ts';

export const Icon = memo(function Icon({ kind }: { readonly kind: NodeKind }) {
  return (
    <svg className={`icon icon-${kind}`} viewBox="0 0 64 64" aria-hidden="true">
      <rect x="2" y="2" width="60" height="60" rx="6" fill="#ed7100" />
    </svg>
  );
});
