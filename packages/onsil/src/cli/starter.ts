/** The files of a new project: those of the folder `starter`, with names filled in. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Wishes {
  readonly name: string;
  readonly domain: string;
  readonly region: string;
  /** How many hosts run the API. */
  readonly apis: number;
}

/** This package, to which a new project's points: there is none of it on npm. */
export const PACKAGE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const STARTER = join(PACKAGE, 'starter');

/** Of what it has beside this package. */
const VERSIONS = { rolldown: '1.3.2', mysql2: '3.24.6' } as const;

/** Files that would mean something to this repository's own tools under their right names. */
const RENAMED: Readonly<Record<string, string>> = {
  'gitignore.txt': '.gitignore',
  'onsil.config.ts.txt': 'onsil.config.ts',
};

/** Each path with its content. */
export async function starterFiles(wishes: Wishes): Promise<ReadonlyMap<string, string>> {
  const values: Readonly<Record<string, string>> = {
    NAME: wishes.name,
    DATABASE: wishes.name.replaceAll('-', '_'),
    DOMAIN: wishes.domain,
    REGION: wishes.region,
    APIS: String(wishes.apis),
    ONSIL: PACKAGE,
  };
  const fill = (text: string): string =>
    text.replaceAll(/@([A-Z]+)@/g, (whole, key: string) => values[key] ?? whole);
  const entries = await readdir(STARTER, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(STARTER, join(entry.parentPath, entry.name)))
    .toSorted();
  const written = await Promise.all(
    files.map(async (path): Promise<[string, string]> => {
      const text = await readFile(join(STARTER, path), 'utf8');
      return [RENAMED[path] ?? path, fill(text)];
    }),
  );
  return new Map([...written, ...manifests(wishes)]);
}

function manifests({ name }: Wishes): readonly (readonly [string, string])[] {
  const app = (kind: string, build: string, more: object = {}) =>
    [
      `${kind}/package.json`,
      {
        ...{ name: `${name}-${kind}`, private: true, type: 'module' },
        scripts: { build },
        ...more,
      },
    ] as const;
  const bundle = 'rolldown -c ../rolldown.config.mjs';
  const all: readonly (readonly [string, object])[] = [
    [
      'package.json',
      {
        ...{ name, private: true, type: 'module', workspaces: ['api', 'web'] },
        scripts: {
          up: 'onsil up',
          down: 'onsil down',
          cost: 'onsil cost',
          build: 'npm run build --workspaces',
          test: 'npm run build && node --test test/servers.test.mjs && onsil check',
        },
        dependencies: { onsil: `file:${PACKAGE}` },
        devDependencies: { rolldown: VERSIONS.rolldown },
      },
    ],
    app('api', bundle, { dependencies: { mysql2: VERSIONS.mysql2 } }),
    app('web', `${bundle} && cp -r public dist/`),
  ];
  return all.map(([path, content]) => [path, `${JSON.stringify(content, null, 2)}\n`]);
}
