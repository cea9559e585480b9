/** The documentation can fail: what it names must exist, and both languages must say the same. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../packages/onsil/src/cli/program.ts';
import { starterFiles } from '../packages/onsil/src/cli/starter.ts';
import { FIELDS } from '../packages/onsil/src/config/fields.ts';
import { NEEDS } from '../packages/onsil/src/lab/host/packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const READMES = ['README.md', 'README.ko.md'] as const;
const PAGES = [...READMES, ...globSync('docs/**/*.md', { cwd: root })];

/** Fenced blocks of a language, without the fences. */
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , content = '']) => content);

/** Commands of shell blocks, without their comments. */
const shellCommands = (text: string): readonly string[] =>
  blocks(text, 'sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#\s.*$/, '').trim())
    .filter((line) => line !== '');

/** Text between single backquotes, a line break within it read as a blank. */
const codes = (text: string): readonly string[] =>
  [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  );

/** Every `onsil …` that a page names, in a block or in a sentence, as its words. */
const onsilCommands = (text: string): readonly (readonly string[])[] =>
  [...shellCommands(text), ...codes(text)].flatMap((command) => {
    const words = command.split(' ');
    const at = words.indexOf('onsil');
    const before = words.slice(0, Math.max(at, 0)).every((word) => /^(?:sudo|npx)$/.test(word));
    return at >= 0 && before && words.length > at + 1 ? [words.slice(at + 1)] : [];
  });

/** What is wrong with the words after `onsil`; undefined where the command line has all of them. */
function wrongWith([name = '', ...words]: readonly string[]): string | undefined {
  if (name === '…') return undefined;
  const command = buildProgram({ exitCode: 0 }).commands.find((each) => each.name() === name);
  if (command === undefined) return `there is no command ${name}`;
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const options = command.options.flatMap(({ short, long }) => [short, long]);
  const unknown = own.filter(
    (word) => word.startsWith('-') && word !== '--help' && !options.includes(word),
  );
  return unknown.length === 0 ? undefined : `${name} has no ${unknown.join(', ')}`;
}

const wishes = { name: 'shop', domain: 'shop.example', region: 'ap-northeast-2', apis: 2 };
const starter = (await starterFiles(wishes)).get('package.json') ?? '';

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  test('names commands and options that exist', () => {
    const wrong = onsilCommands(text).flatMap((words) => wrongWith(words) ?? []);
    expect(wrong).toEqual([]);
  });

  test('names scripts that exist', () => {
    // The page of new projects is about those that they have.
    const manifest = page === 'docs/new.md' ? starter : read('package.json');
    const { scripts } = JSON.parse(manifest);
    const named = [...shellCommands(text), ...codes(text)].flatMap(
      (command) => /^npm (?:run )?(?!ci$|install)(\w+)/.exec(command)?.[1] ?? [],
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const files = targets.filter((target) => !/^(?:https?:|#)/.test(target));
    const missing = files.filter(
      (file) => !existsSync(join(root, dirname(page), file.replace(/#.*/, ''))),
    );
    expect(missing).toEqual([]);
  });
});

test('the pages name more than a few commands: the tests above look at something', () => {
  expect(onsilCommands(read('README.md')).length).toBeGreaterThan(15);
  expect(wrongWith(['plant', 'oak'])).toBe('there is no command plant');
  expect(wrongWith(['up', '--frehs'])).toBe('up has no --frehs');
  expect(wrongWith(['exec', 'api-1', '--', 'ls', '--all'])).toBeUndefined();
});

test('every rule of docs/reach.md names tests that are there', () => {
  const page = read('docs/reach.md');
  const rows = page.split('\n').filter((line) => line.includes('/scenarios/'));
  const named = rows.map((row) => [...row.matchAll(/\]\(\.\.\/([^)]*\.test\.ts)\) “([^”]+)”/g)]);
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((_, index) => named[index]?.length === 0)).toEqual([]);
  const missing = named.flat().filter(([, file = '', title = '']) => !read(file).includes(title));
  expect(missing.map(([text]) => text)).toEqual([]);
});

test('every command of the command line is in the README', () => {
  const named = new Set(onsilCommands(read('README.md')).map(([name]) => name));
  const commands = buildProgram({ exitCode: 0 }).commands.map((command) => command.name());
  expect(commands.filter((name) => !named.has(name))).toEqual([]);
});

describe('both READMEs', () => {
  const [english, korean] = READMES.map(read) as [string, string];
  const outline = (text: string) =>
    text
      .replaceAll(/^```.*?^```$/gms, '')
      .split('\n')
      .flatMap((line) => /^(?:#+|```|\||\*|!\[|\d\.|<!--)(?= |$|[^-])/.exec(line)?.[0] ?? [])
      .join(' ');

  test('have the same sections, tables, lists and pictures', () => {
    expect(outline(korean)).toBe(outline(english));
  });

  test('have the same commands and links', () => {
    expect(shellCommands(korean)).toEqual(shellCommands(english));
    expect(blocks(korean, 'ts')).toEqual(blocks(english, 'ts'));
    const links = (text: string) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target)
        .filter((target) => !target?.startsWith('README'))
        .toSorted();
    expect(links(korean)).toEqual(links(english));
  });
});

describe.each(READMES)('%s tells the truth about', (page) => {
  const text = read(page);

  test("the example's configuration", () => {
    expect(blocks(text, 'ts')).toEqual([read('examples/everydaehwa/onsil.config.ts')]);
  });

  test('what is installed on the host', () => {
    const packages = NEEDS.filter((need) => need.for.includes('lab')).map(
      (need) => need.packages[0] ?? '',
    );
    expect(packages.filter((name) => !codes(text).includes(name))).toEqual([]);
  });

  test('the fields of a configuration', () => {
    const fields = Object.keys(FIELDS)
      .filter((path) => path !== '' && /^[^.[]+(?:\.[^.[]+)?$/.test(path))
      .filter((path) => !path.startsWith('sizes.'))
      .map((path) => path.split('.').at(-1) ?? '');
    expect(fields.filter((field) => !codes(text).includes(field))).toEqual([]);
  });
});
