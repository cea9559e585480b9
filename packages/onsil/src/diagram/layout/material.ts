/** What a layout is made of. */
import type { Region } from '../../region/region.ts';
import type { Bundle, Legs } from '../bundles.ts';
import type { Unplaced } from '../nodes.ts';
import type { Relation } from '../relations.ts';
import type { Path } from '../scene.ts';

export interface Material {
  readonly region: Region;
  readonly nodes: readonly Unplaced[];
  /** Of subnets, from 1 on. */
  readonly columns: ReadonlyMap<string, number>;
  readonly relations: readonly Relation[];
  readonly paths: ReadonlyMap<Relation, readonly Path[]>;
  readonly bundles: readonly Bundle[];
  readonly legs: ReadonlyMap<Relation, Legs>;
}
