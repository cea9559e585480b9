/** A picture as PNG, by the host's Chromium: what draws pages draws SVG right. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LEGEND_HEIGHT } from '../diagram/svg/legend.ts';
import { findProgram } from '../lab/host/programs.ts';
import { run } from '../lab/process.ts';
import { UsageError } from './errors.ts';

/** Pixels of the file for each of the picture. */
const SCALE = 2;
const LIMIT_MS = 60_000;

/** Throws UsageError where there is no Chromium. */
export async function writePng(
  svg: string,
  { width, height }: { readonly width: number; readonly height: number },
  theme: 'light' | 'dark' | 'auto',
  file: string,
): Promise<void> {
  const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => findProgram(name) !== undefined,
  );
  if (browser === undefined) {
    throw new UsageError(
      `${file}: a PNG is drawn by Chromium, which is not installed here. Install it (apt-get install chromium), or write an .svg.`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'onsil-diagram-'));
  try {
    const page = join(folder, 'picture.html');
    await writeFile(page, `<!doctype html><style>body{margin:0}svg{display:block}</style>${svg}`);
    await run(
      browser,
      [
        ...[
          '--headless',
          '--disable-gpu',
          '--hide-scrollbars',
          `--user-data-dir=${folder}/profile`,
        ],
        // Chromium's own sandbox refuses root; what is drawn is the file above and nothing else.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...(theme === 'dark' ? ['--blink-settings=preferredColorScheme=0'] : []),
        `--force-device-scale-factor=${SCALE}`,
        `--window-size=${Math.ceil(width)},${Math.ceil(height + LEGEND_HEIGHT)}`,
        `--screenshot=${resolve(file)}`,
        pathToFileURL(page).href,
      ],
      { signal: AbortSignal.timeout(LIMIT_MS) },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
