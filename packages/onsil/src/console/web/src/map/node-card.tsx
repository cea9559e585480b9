import { memo } from 'react';
import type { SceneNode } from '../../../../diagram/scene.ts';
import { Link } from '../kit/link.tsx';
import { hostPath } from '../route.ts';
import { pillStyle } from './colours.ts';
import { Icon } from './icon.tsx';
import { useLit } from './lit.ts';
import { isMachine, NodeStates } from './node-states.tsx';
import { type Shared, useShared } from './shared.ts';
import { usdText, useMapText } from './text.ts';

/** So many who reach a node are named to a screen reader. */
const MOST = 6;

/** One thing of the picture: a machine leads to its own view, other ends open a panel. */
export const NodeCard = memo(function NodeCard({ node }: { readonly node: SceneNode }) {
  const { ends, lit, choose } = useShared();
  const isLit = useLit(lit, node.id);
  const { id, kind, title, names } = node;
  if (names.length === 0 && ends.touching(id).length === 0) {
    return (
      <div className="card mark" title={title}>
        <Icon kind={kind} />
        <span className="hidden">{title}</span>
      </div>
    );
  }
  const paths = new Set(ends.touching(id).flatMap((arrow) => arrow.paths));
  const classes = ['card', 'nopan', ...[...paths].map((path) => `on-${path}`)];
  const shared = {
    ...{ className: [...classes, ...(isLit ? ['lit'] : [])].join(' '), 'data-node': title },
    ...{ onFocus: () => lit.node(id, ends), onBlur: () => lit.none() },
    ...{ onMouseEnter: () => lit.node(id, ends), onMouseLeave: () => lit.none() },
  };
  const [name = ''] = names;
  if (isMachine(node) && names.length === 1) {
    return (
      <Link {...shared} href={hostPath(name)} draggable={false}>
        <Content node={node} />
      </Link>
    );
  }
  return (
    <button {...shared} type="button" onClick={() => choose({ kind: 'node', id })}>
      <Content node={node} />
    </button>
  );
});

/** In the order in which it is read out: `api-1, instance, running, 10.0.1.10 …`. */
const Content = memo(function Content({ node }: { readonly node: SceneNode }) {
  const text = useMapText();
  const { scene, ends } = useShared();
  const { kind, title, lines, groupIds, usd } = node;
  const groups = scene.groups.filter(({ id }) => groupIds.includes(id));
  return (
    <>
      <Icon kind={kind} />
      <strong className="card-title">{title}</strong>
      <span className="hidden">{text.kinds[kind]}</span>
      <NodeStates node={node} />
      {lines.map((line) => (
        <span key={line} className="card-line">
          {line}
        </span>
      ))}
      {usd !== undefined && (
        <span className="card-line card-price">
          {usd === null ? text.picture.unpriced : text.picture.month(usdText(usd))}
        </span>
      )}
      {groups.length > 0 && (
        <span className="card-pills">
          <span className="hidden">{text.picture.groups}</span>
          {groups.map(({ id, name, colour }) => (
            <span key={id} className="pill" style={pillStyle(colour)}>
              {name}
            </span>
          ))}
        </span>
      )}
      <span className="hidden">{text.picture.reachedBy(reachedBy(node, ends, text.picture))}</span>
    </>
  );
});

function reachedBy(
  node: SceneNode,
  ends: Shared['ends'],
  text: { readonly nobody: string; readonly more: (count: number) => string },
): string {
  const inward = ends.touching(node.id).filter(({ toId }) => toId === node.id);
  const titles = [...new Set(inward.map(({ fromId }) => ends.titleOf(fromId)))];
  if (titles.length === 0) return text.nobody;
  const rest = titles.length - MOST;
  return [...titles.slice(0, MOST), ...(rest > 0 ? [text.more(rest)] : [])].join(', ');
}
