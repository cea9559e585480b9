import { memo, type ReactNode } from 'react';
import type { SceneNode } from '../../../../diagram/scene.ts';
import { Link } from '../kit/link.tsx';
import { StateWord, stateName, useStateText } from '../kit/state-word.tsx';
import { hostPath } from '../route.ts';
import { useCell } from './cells.ts';
import { pillStyle } from './colours.ts';
import { FoldedStates } from './folded-states.tsx';
import { Icon } from './icon.tsx';
import { useLit } from './lit.ts';
import { type Shared, useShared } from './shared.ts';
import { usdText, useMapText } from './text.ts';

/** So many who reach a node are named by a screen reader. */
const MOST = 6;

const isMachine = ({ kind }: SceneNode): boolean => kind === 'instance' || kind === 'nat-instance';

/** One thing of the picture: what is no end of packets is only shown; a machine leads to its own view, others open a panel. */
export const NodeCard = memo(function NodeCard({ node }: { readonly node: SceneNode }) {
  const { ends, lit, choose } = useShared();
  const isLit = useLit(lit, node.id);
  const label = useLabel(node);
  const paths = new Set(ends.touching(node.id).flatMap((arrow) => arrow.paths));
  const classes = ['card', 'nopan', ...[...paths].map((path) => `on-${path}`)];
  const shared = {
    ...{ className: [...classes, ...(isLit ? ['lit'] : [])].join(' '), 'aria-label': label },
    'data-node': node.title,
    onFocus: () => lit.node(node.id, ends),
    onBlur: () => lit.none(),
    onMouseEnter: () => lit.node(node.id, ends),
    onMouseLeave: () => lit.none(),
  };
  const [name, ...others] = node.names;
  if (isMachine(node) && name !== undefined && others.length === 0) {
    return (
      <Link {...shared} href={hostPath(name)} draggable={false}>
        <Content node={node} />
      </Link>
    );
  }
  if (name === undefined && ends.touching(node.id).length === 0) {
    return <MarkCard node={node} />;
  }
  const open = () => choose({ kind: 'node', id: node.id });
  return (
    <button {...shared} type="button" onClick={open}>
      <Content node={node} />
    </button>
  );
});

/** e.g. the Internet gateway at its VPC's border. */
function MarkCard({ node }: { readonly node: SceneNode }) {
  return (
    <div className="card mark" title={node.title}>
      <Icon kind={node.kind} />
      <span className="hidden">{node.title}</span>
    </div>
  );
}

function Content({ node }: { readonly node: SceneNode }): ReactNode {
  const text = useMapText().picture;
  const { scene } = useShared();
  const { kind, title, lines, groupIds, usd } = node;
  const groups = scene.groups.filter(({ id }) => groupIds.includes(id));
  return (
    <>
      <Icon kind={kind} />
      <strong className="card-title">{title}</strong>
      {lines.map((line) => (
        <span key={line} className="card-line">
          {line}
        </span>
      ))}
      {usd !== undefined && <span className="card-line card-price">{priceText(usd, text)}</span>}
      {groups.length > 0 && (
        <span className="card-pills">
          {groups.map(({ id, name, colour }) => (
            <span key={id} className="pill" style={pillStyle(colour)}>
              {name}
            </span>
          ))}
        </span>
      )}
      <States node={node} />
    </>
  );
}

const priceText = (
  usd: number | null,
  text: { readonly month: (usd: string) => string; readonly unpriced: string },
): string => (usd === null ? text.unpriced : text.month(usdText(usd)));

function States({ node }: { readonly node: SceneNode }): ReactNode {
  const { live } = useShared();
  const [name = '', ...others] = node.names;
  const machine = useCell(live.machines, name);
  const managed = useCell(live.managed, name);
  if (isMachine(node)) {
    return (
      <span className="card-state">
        {others.length === 0 ? <StateWord machine={machine} /> : <FoldedStates of={node.names} />}
      </span>
    );
  }
  return managed === undefined ? null : (
    <span className="card-state" title={managed.reason ?? undefined}>
      {managed.state}
    </span>
  );
}

/** e.g. `api-1, running, 10.0.1.10, reached by edge, bastion`. */
function useLabel(node: SceneNode): string {
  const text = useMapText();
  const { ends, live, scene } = useShared();
  const [name = '', ...others] = node.names;
  const word = useStateText(stateName(useCell(live.machines, name)));
  const state = isMachine(node) && others.length === 0 ? [word] : [];
  const groups = scene.groups.filter(({ id }) => node.groupIds.includes(id));
  return [
    ...[node.title, text.kinds[node.kind], ...state, ...node.lines],
    ...(groups.length === 0
      ? []
      : [text.picture.groups(groups.map((each) => each.name).join(' '))]),
    ...(typeof node.usd === 'number' ? [text.picture.priced(usdText(node.usd))] : []),
    text.picture.reachedBy(reachedBy(node, ends, text.picture)),
  ].join(', ');
}

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
