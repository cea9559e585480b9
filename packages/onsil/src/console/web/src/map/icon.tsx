/** AWS's icons, each in the page once. */
import { BOX_ICONS, NODE_ICONS } from '../../../../diagram/icons.ts';
import type { NodeKind, SceneBox } from '../../../../diagram/scene.ts';

const SYMBOLS = [
  ...Object.entries(NODE_ICONS).map(([kind, markup]) => symbol(`icon-${kind}`, 48, markup)),
  ...Object.entries(BOX_ICONS).map(([kind, markup]) => symbol(`icon-${kind}`, 40, markup)),
].join('');

function symbol(id: string, size: number, markup: string): string {
  return `<symbol id="${id}" viewBox="0 0 ${size} ${size}">${markup}</symbol>`;
}

/** What `Icon` refers to. */
export function IconSymbols() {
  const fill = (svg: SVGSVGElement | null) => {
    if (svg !== null) svg.innerHTML = SYMBOLS;
  };
  return <svg ref={fill} className="hidden" aria-hidden="true" />;
}

export function Icon({ kind }: { readonly kind: NodeKind | SceneBox['kind'] }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`#icon-${kind}`} />
    </svg>
  );
}
