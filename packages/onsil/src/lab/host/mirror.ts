/**
 * The Debian mirror that the host installs from: the lab's instances, which are Debian 12, use the
 * same one. onsil itself names none.
 *
 * Formats: https://manpages.debian.org/bookworm/apt/sources.list.5.en.html
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DebianMirror {
  /** Where the suite `bookworm` is, e.g. `http://mirror.example/debian`. */
  readonly archive: string;
  /** Where `bookworm-security` is; absent where the host names none. */
  readonly security?: string;
}

/** One line of a one-line file, or one stanza of a deb822 file. */
export interface Source {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
}

/**
 * The mirror of the host's own package sources. Undefined on a host that has none for Debian
 * (Ubuntu, Fedora, macOS): mmdebstrap's own default is then used.
 */
export function debianMirror(root = '/'): DebianMirror | undefined {
  return mirrorOf(
    sourceFiles(root).flatMap(({ path, text }) =>
      path.endsWith('.sources') ? deb822(text) : oneLine(text),
    ),
    (path) => read(join(root, path)),
  );
}

/** Picks the mirror of bookworm; a host of another Debian release has it on the same mirror. */
export function mirrorOf(
  sources: readonly Source[],
  readList: (path: string) => string | undefined = () => undefined,
): DebianMirror | undefined {
  const uriOf = (matches: (suite: string) => boolean, path: RegExp): string | undefined =>
    sources
      .filter((source) => source.suites.some(matches))
      .flatMap((source) => source.uris)
      .flatMap((uri) => resolved(uri, readList))
      .find((uri) => path.test(uri));
  const archive =
    uriOf((suite) => suite === 'bookworm', /^https?:/) ??
    uriOf((suite) => OTHER_DEBIAN.test(suite), /^https?:.*\/debian$/);
  const security =
    uriOf((suite) => suite.startsWith('bookworm-security'), /^https?:/) ??
    uriOf((suite) => /^[a-z]+-security/.test(suite), /^https?:.*\/debian-security$/);
  if (archive === undefined) return undefined;
  return { archive, ...(security === undefined ? {} : { security }) };
}

const OTHER_DEBIAN = /^(?:oldstable|stable|testing|unstable|sid|bullseye|trixie|forky|duke)$/;

/** Debian's cloud images list their mirrors in a file: `mirror+file:/etc/apt/mirrors/debian.list`. */
function resolved(uri: string, readList: (path: string) => string | undefined): readonly string[] {
  const listed = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  if (listed === undefined) return [uri.replace(/\/+$/, '')];
  return (readList(listed) ?? '')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0] ?? '')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\/+$/, ''));
}

/** `deb [options] uri suite component…`, with comments. */
export function oneLine(text: string): readonly Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line.replace(/#.*/, ''));
    const [, uri, suite] = match ?? [];
    return uri === undefined || suite === undefined ? [] : [{ uris: [uri], suites: [suite] }];
  });
}

/** Stanzas of `Field: value`; a line that starts with a space goes on with the field before. */
export function deb822(text: string): readonly Source[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n(?:[ \t]*\n)+/)
    .flatMap((stanza) => {
      const fields = new Map<string, string>();
      for (const line of stanza.replace(/\n[ \t]+/g, ' ').split('\n')) {
        const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
        if (name !== undefined) fields.set(name.toLowerCase(), value ?? '');
      }
      const words = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
      if (!words('types').includes('deb')) return [];
      if (/^(?:no|false|without|off|disable)$/i.test(fields.get('enabled') ?? '')) return [];
      return [{ uris: words('uris'), suites: words('suites') }];
    });
}

/** In the order in which apt reads them. */
function sourceFiles(root: string): readonly { readonly path: string; readonly text: string }[] {
  const folder = join(root, 'etc/apt/sources.list.d');
  const parts = names(folder)
    .filter((name) => name.endsWith('.list') || name.endsWith('.sources'))
    .sort()
    .map((name) => join(folder, name));
  return [join(root, 'etc/apt/sources.list'), ...parts].flatMap((path) => {
    const text = read(path);
    return text === undefined ? [] : [{ path, text }];
  });
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
