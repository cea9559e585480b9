/** How large cards are: by what is written on them, and by the lines that end there. */
import { nameOf } from '../../reach/text/path.ts';
import type { Card } from './grid.ts';
import type { Material } from './material.ts';
import { endsOfTracks, sideKey } from './order.ts';
import { cardHeight, HEAD, labelWidth, pillRows } from './sizes.ts';
import type { Track } from './tracks.ts';

/** By the ids of nodes. */
export function cardsOf(
  { nodes, region, relations, legs }: Material,
  column: (nodeId: string) => number,
  tracks: readonly Track[],
): ReadonlyMap<string, Card> {
  const ends = endsOfTracks(tracks);
  const receivers = new Map(
    tracks.flatMap(({ bundle, slots }) =>
      slots.flatMap((slot) =>
        slot.role === 'out' ? [] : [[`${bundle.id} ${slot.nodeId}`, slot] as const],
      ),
    ),
  );
  const rooms = new Map<string, number>();
  for (const relation of relations) {
    const slot = receivers.get(`${legs.get(relation)?.at(-1)?.id} ${relation.toId}`);
    if (slot === undefined) continue;
    const key = sideKey(slot.nodeId, slot.side);
    const room = HEAD + labelWidth(relation.services) + 6;
    rooms.set(key, Math.max(rooms.get(key) ?? 0, room));
  }
  return new Map(
    nodes.map(({ id, lines, usd, groupIds }): readonly [string, Card] => {
      const [left, right] = [sideKey(id, 'left'), sideKey(id, 'right')];
      const rows = pillRows(groupIds.map((each) => nameOf(region, each))).length;
      const small = lines.length + (usd === undefined ? 0 : 1);
      const count = (side: string): number => ends.get(side)?.length ?? 0;
      const card = {
        ...{ id, column: column(id), left: rooms.get(left) ?? 0, right: rooms.get(right) ?? 0 },
        height: cardHeight(small, rows, count(left), count(right)),
      };
      return [id, card];
    }),
  );
}
