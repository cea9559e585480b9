/** The kept pictures, byte by byte, and that they show the proof: all of it, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faultsOf } from '../packages/onsil/src/diagram/testing.ts';
import { isEmpty } from '../packages/onsil/src/reach/packet-set/packet-set.ts';
import { servicesText } from '../packages/onsil/src/reach/text/packets.ts';
import { pictures } from './diagrams.ts';
import { ICONS_FILE, iconsText } from './icons.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const all = await pictures();

test('there is one of the example and of five other templates', () => {
  expect(all.map(({ file }) => file)).toEqual([
    'docs/system.svg',
    ...['hundred', 'ipv6', 'managed', 'one-server', 'two-vpcs'].map(
      (name) => `packages/onsil/test/fixtures/diagram/${name}.svg`,
    ),
  ]);
});

describe.each(all)('$file', ({ file, scene, rows, svg }) => {
  test('is what `node scripts/diagrams.ts` draws', () => {
    expect(svg).toBe(readFileSync(join(root, file), 'utf8'));
  });

  test('has an arrow for every reachable pair of the proof, and no other', () => {
    const proved = rows
      .filter(({ depends, services }) => depends === undefined && !isEmpty(services))
      .map(({ from, to, family, services }) =>
        [family ?? 'ipv4', from, to, servicesText(services)].join(' '),
      );
    const shown = scene.arrows.flatMap(({ pairs }) =>
      pairs.map(({ family, from, to, services }) => [family, from, to, services].join(' ')),
    );
    expect(shown.toSorted()).toEqual(proved.toSorted());
    expect(proved.length).toBeGreaterThan(0);
  });

  test('draws a line for each arrow, and names the senders at each head', () => {
    const lines = /<g class="lines">(.*?)<\/g>/s.exec(svg)?.[1] ?? '';
    expect(lines.match(/M/g)).toHaveLength(scene.arrows.length);
    const title = new Map(scene.nodes.map((node) => [node.id, node.title]));
    const heads = /<g class="branches">(.*?)<\/g>\n<g class="legend">/s.exec(svg)?.[1] ?? '';
    const told = [...heads.matchAll(/<title>(.*?) → (.*?): (.*?)<\/title>/g)].flatMap(
      ([, senders = '', to, services]) =>
        senders.split(', ').map((from) => `${from} → ${to}: ${services}`),
    );
    const arrows = scene.arrows.map(
      ({ fromId, toId, services }) => `${title.get(fromId)} → ${title.get(toId)}: ${services}`,
    );
    expect(told.toSorted()).toEqual(arrows.toSorted());
  });

  test('has nothing on top of anything else, and no line that says more than the proof', () => {
    expect(faultsOf(scene)).toEqual([]);
  });
});

test('icons are those of the package', () => {
  expect(readFileSync(ICONS_FILE, 'utf8')).toBe(iconsText());
});
