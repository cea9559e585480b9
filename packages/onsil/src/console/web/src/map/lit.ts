/** What of the picture stands out because somebody points at it, or has the focus there. */
import { Cells, useCell } from './cells.ts';
import type { Ends } from './ends.ts';

const ANY = '';

export class Lit {
  /** By id of a node or an arrow; under the empty name: whether there is any. */
  readonly cells = new Cells(false);

  /** A node with its arrows, and whom they lead to. */
  node(id: string, ends: Ends): void {
    const arrows = ends.touching(id);
    this.#set([id, ...arrows.flatMap((each) => [each.id, each.fromId, each.toId])]);
  }

  arrow(id: string, fromId: string, toId: string): void {
    this.#set([id, fromId, toId]);
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
