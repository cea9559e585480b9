import { type Cells, useCell } from './cells.ts';
import type { Traffic } from './live-map.ts';

/** Two cells of a table's row: packets of this second. */
export function TrafficCells({
  cells,
  of,
}: {
  readonly cells: Cells<Traffic>;
  readonly of: string;
}) {
  const { accepted, rejected } = useCell(cells, of);
  return (
    <>
      <td className={`number ${accepted > 0 ? 'good' : 'dim'}`}>{accepted}</td>
      <td className={`number ${rejected > 0 ? 'bad' : 'dim'}`}>{rejected}</td>
    </>
  );
}
