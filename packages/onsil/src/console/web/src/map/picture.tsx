/** The picture, drawn by React Flow at the scene's own positions; nothing moves by itself. */
import { type Node, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useMemo } from 'react';
import type { Scene, SceneNode } from '../../../../diagram/scene.ts';
import { ArrowLayer } from './arrow-layer.tsx';
import { BoxLayer } from './box-layer.tsx';
import { IconSymbols } from './icon.tsx';
import { Legend } from './legend.tsx';
import { useAnyLit } from './lit.ts';
import { Keys, Zoom } from './moving.tsx';
import { NodeCard } from './node-card.tsx';
import { usePath } from './paths.tsx';
import { useShared } from './shared.ts';
import '@xyflow/react/dist/base.css';
import './arrows.css';
import './picture.css';

const TYPES = { boxes: BoxLayer, card: CardNode, arrows: ArrowLayer };
const FIT = { padding: 0.015, maxZoom: 1.3 };
const PRO = { hideAttribution: true };

export default function Picture() {
  return (
    <ReactFlowProvider>
      <Keys>
        <IconSymbols />
        <Flow />
        <Legend />
      </Keys>
    </ReactFlowProvider>
  );
}

function Flow() {
  const { scene, lit } = useShared();
  const nodes = useMemo(() => flowNodes(scene), [scene]);
  const path = usePath(scene.paths);
  const isAnyLit = useAnyLit(lit);
  return (
    <ReactFlow
      nodes={nodes}
      nodeTypes={TYPES}
      className="picture"
      data-path={path}
      data-lit={isAnyLit ? '' : undefined}
      fitView
      fitViewOptions={FIT}
      minZoom={0.05}
      maxZoom={3}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      panActivationKeyCode={null}
      // The wheel scrolls the page; with Ctrl, and by pinching, it zooms.
      zoomOnScroll={false}
      preventScrolling={false}
      zoomOnDoubleClick={false}
      proOptions={PRO}
    >
      <Zoom />
    </ReactFlow>
  );
}

type CardData = { readonly card: SceneNode };

function CardNode({ data }: { readonly data: CardData }) {
  return <NodeCard node={data.card} />;
}

/** The boxes below, the arrows between them and the nodes; in the order of the focus. */
function flowNodes(scene: Scene): Node[] {
  const { width, height } = scene;
  const layer = { position: { x: 0, y: 0 }, width, height, data: {} };
  return [
    { id: ':boxes', type: 'boxes', ...layer, zIndex: 0 },
    ...scene.nodes.map((card) => ({
      ...{ id: card.id, type: 'card', zIndex: 2, data: { card } },
      ...{ position: { x: card.x, y: card.y }, width: card.width, height: card.height },
    })),
    { id: ':arrows', type: 'arrows', ...layer, zIndex: 1 },
  ];
}
