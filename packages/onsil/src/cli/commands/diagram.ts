import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pricesSince, usdByResource } from '../../cost/by-resource.ts';
import { htmlOf } from '../../diagram/html.ts';
import type { Path, Scene } from '../../diagram/scene.ts';
import { sceneOf } from '../../diagram/scene-of.ts';
import { svgOf } from '../../diagram/svg.ts';
import { rowsOf } from '../../reach/matrix.ts';
import { nameOf } from '../../reach/text/path.ts';
import { UsageError } from '../errors.ts';
import { writePng } from '../png.ts';
import { currentPrices } from '../price-table.ts';
import { printWarnings } from '../render/warnings.ts';
import { reckon } from './cost.ts';
import { type Asked, type ModelOptions, modelOf } from './model.ts';

export interface DiagramOptions extends ModelOptions {
  /** A file: what it is to be is said by its ending. */
  readonly output?: string;
  readonly highlight?: Path;
  readonly cost?: boolean;
  readonly theme: 'light' | 'dark' | 'auto';
}

const FORMATS = ['.svg', '.png', '.html'];

/** Draws the template's picture, or that of the folder's configuration, to a file or as SVG to standard output. */
export async function diagram(options: DiagramOptions): Promise<void> {
  const { output, theme, highlight } = options;
  const format = output === undefined ? '.svg' : extname(output).toLowerCase();
  if (!FORMATS.includes(format)) {
    throw new UsageError(
      `-o ${JSON.stringify(output)} ends with none of ${FORMATS.join(', ')}: its ending says what is drawn.`,
    );
  }
  const { asked, scene } = await drawn(options, options.cost === true);
  if (highlight !== undefined && !scene.paths.includes(highlight)) {
    const there = scene.paths.length === 0 ? 'none' : scene.paths.join(', ');
    throw new UsageError(
      `--highlight ${highlight}: nothing here is on that path. There is ${there}.`,
    );
  }
  printWarnings(asked.warnings);
  for (const each of scene.notes) console.error(`note     ${each}`);
  if (options.json === true && output === undefined) {
    console.log(JSON.stringify(scene));
    return;
  }
  const look = { theme, ...(highlight === undefined ? {} : { highlight }) };
  if (output === undefined) {
    process.stdout.write(svgOf(scene, look));
    return;
  }
  if (format === '.png') await writePng(svgOf(scene, look), scene, theme, output);
  else await writeFile(output, format === '.html' ? htmlOf(scene, look) : svgOf(scene, look));
  const { arrows } = scene;
  const nodes = scene.nodes.filter(({ kind }) => kind !== 'internet-gateway');
  console.log(
    options.json === true
      ? JSON.stringify({ file: output, nodes: nodes.length, arrows: arrows.length })
      : `Wrote ${output}: ${count(nodes.length, 'part')} and ${count(arrows.length, 'arrow')}, each proved.`,
  );
}

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** @param hasCost whether each part has its price */
export async function drawn(
  options: ModelOptions,
  hasCost: boolean,
): Promise<{ readonly asked: Asked; readonly scene: Scene }> {
  const asked = await modelOf(options);
  return { asked, scene: await sceneOfAsked(asked, hasCost) };
}

async function sceneOfAsked(asked: Asked, hasCost: boolean): Promise<Scene> {
  const { space } = asked;
  const { region } = space.model;
  const base = {
    title: nameOf(region, Object.keys(region.vpcs)[0] ?? region.name),
    ...(space.administrator === undefined ? {} : { administrator: space.administrator }),
  };
  if (!hasCost) return sceneOf(region, rowsOf(space), base);
  const { bill } = reckon(asked, asked.usage, await currentPrices(), undefined);
  return sceneOf(region, rowsOf(space), {
    ...base,
    usd: usdByResource(bill),
    cost: {
      ...{ usd: bill.total, unknown: bill.unknown.length },
      pricesSince: pricesSince(bill),
    },
  });
}
