/**
 * `node scripts/diagrams.ts` draws the pictures that are kept: docs/system.svg of the example, and
 * one beside each template of packages/onsil/test/fixtures/diagram.
 */
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawn } from '../packages/onsil/src/cli/commands/diagram.ts';
import type { Scene } from '../packages/onsil/src/diagram/scene.ts';
import { svgOf } from '../packages/onsil/src/diagram/svg.ts';
import { type Row, rowsOf } from '../packages/onsil/src/reach/matrix.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = 'packages/onsil/test/fixtures/diagram';

export interface Picture {
  /** In the repository. */
  readonly file: string;
  readonly scene: Scene;
  readonly rows: readonly Row[];
  readonly svg: string;
}

/** The example's, then those of the templates. */
export async function pictures(): Promise<readonly Picture[]> {
  const templates = globSync(`${FOLDER}/*.yaml`, { cwd: root }).toSorted();
  return Promise.all([
    picture('docs/system.svg', undefined),
    ...templates.map((template) => picture(template.replace(/yaml$/, 'svg'), join(root, template))),
  ]);
}

async function picture(file: string, template: string | undefined): Promise<Picture> {
  const from = template === undefined ? {} : { template };
  const { scene, asked } = await drawn({ ...from, param: [] }, false);
  return { file, scene, rows: rowsOf(asked.space), svg: svgOf(scene) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, svg } of await pictures()) writeFileSync(join(root, file), svg);
}
