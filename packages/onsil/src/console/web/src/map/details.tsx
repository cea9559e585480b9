import type { SceneArrow, SceneNode } from '../../../../diagram/scene.ts';
import { Link } from '../kit/link.tsx';
import { Scroll } from '../kit/scroll.tsx';
import { hostPath } from '../route.ts';
import { PairTable } from './arrow-table.tsx';
import { MachineState } from './node-states.tsx';
import { type Chosen, useShared } from './shared.ts';
import { Sheet } from './sheet.tsx';
import { useMapText } from './text.ts';

/** What is behind an arrow or a node, in a panel at the side. */
export default function Details({
  of,
  close,
}: {
  readonly of: Chosen;
  readonly close: () => void;
}) {
  const { scene } = useShared();
  if (of.kind === 'arrow') {
    const arrow = scene.arrows.find(({ id }) => id === of.id);
    return arrow === undefined ? null : <ArrowDetails arrow={arrow} close={close} />;
  }
  const node = scene.nodes.find(({ id }) => id === of.id);
  return node === undefined ? null : <NodeDetails node={node} close={close} />;
}

function ArrowDetails({
  arrow,
  close,
}: {
  readonly arrow: SceneArrow;
  readonly close: () => void;
}) {
  const text = useMapText().details;
  const { ends } = useShared();
  return (
    <Sheet title={`${ends.titleOf(arrow.fromId)} → ${ends.titleOf(arrow.toId)}`} close={close}>
      <p>{arrow.services}</p>
      <Scroll label={text.pairs}>
        <PairTable pairs={arrow.pairs} caption={text.pairs} />
      </Scroll>
    </Sheet>
  );
}

function NodeDetails({ node, close }: { readonly node: SceneNode; readonly close: () => void }) {
  const text = useMapText();
  const { ends } = useShared();
  const arrows = ends.touching(node.id);
  const inward = arrows.filter(({ toId }) => toId === node.id);
  const outward = arrows.filter(({ fromId }) => fromId === node.id);
  return (
    <Sheet title={node.title} close={close}>
      <p className="dim">{[text.kinds[node.kind], ...node.lines].join(' · ')}</p>
      {(node.kind === 'instance' || node.kind === 'nat-instance') && (
        <>
          <h3>{text.details.machines}</h3>
          <ul className="plain machines">
            {node.names.map((name) => (
              <Machine key={name} name={name} />
            ))}
          </ul>
        </>
      )}
      <h3>{text.details.reachedBy}</h3>
      <Pairs of={inward} none={text.details.nobody} caption={text.details.reachedBy} />
      <h3>{text.details.reaches}</h3>
      <Pairs of={outward} none={text.details.nothing} caption={text.details.reaches} />
    </Sheet>
  );
}

function Pairs({
  of,
  none,
  caption,
}: {
  readonly of: readonly SceneArrow[];
  readonly none: string;
  readonly caption: string;
}) {
  if (of.length === 0) return <p className="dim">{none}</p>;
  return (
    <Scroll label={caption}>
      <PairTable pairs={of.flatMap(({ pairs }) => pairs)} caption={caption} />
    </Scroll>
  );
}

function Machine({ name }: { readonly name: string }) {
  return (
    <li>
      <Link href={hostPath(name)}>{name}</Link>
      <MachineState of={name} />
    </li>
  );
}
