/** What of the picture stands out because somebody points at it, or has the focus there. */
import type { SceneArrow } from '../../../../diagram/scene.ts';
import { Cells, useCell } from './cells.ts';
import type { Ends } from './ends.ts';

const ANY = '';

/** Of the label of an arrow, which may be another's too. */
export const labelKey = (arrowId: string): string => `label ${arrowId}`;

export class Lit {
  /** By id of a node or an arrow; under the empty name: whether there is any. */
  readonly cells = new Cells(false);

  /** A node with its arrows, and whom they lead to. */
  node(id: string, ends: Ends): void {
    this.#set([id, ...this.#of(ends.touching(id), ends)]);
  }

  arrow(arrow: SceneArrow, ends: Ends): void {
    this.#set(this.#of([arrow], ends));
  }

  #of(arrows: readonly SceneArrow[], ends: Ends): readonly string[] {
    return arrows.flatMap(({ id, fromId, toId }) => [id, fromId, toId, labelKey(ends.headOf(id))]);
  }

  none(): void {
    this.cells.replace(new Map());
  }

  #set(ids: readonly string[]): void {
    this.cells.replace(new Map([ANY, ...ids].map((id) => [id, true])));
  }
}

export const useLit = (lit: Lit, id: string): boolean => useCell(lit.cells, id);
export const useAnyLit = (lit: Lit): boolean => useCell(lit.cells, ANY);
