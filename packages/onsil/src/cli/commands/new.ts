/** `onsil new`: a folder with a service that runs. */
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { validate } from '../../config/validate.ts';
import { CommandError, run } from '../../lab/process.ts';
import { somebody } from '../confirm.ts';
import { UsageError } from '../errors.ts';
import { PACKAGE, starterFiles, type Wishes } from '../starter.ts';

export interface NewOptions {
  readonly name?: string;
  readonly domain?: string;
  readonly region?: string;
  readonly apis?: number;
  /** Nothing is asked. */
  readonly yes?: boolean;
  /** `npm install` in it; true where it is not said. */
  readonly install: boolean;
  readonly json?: boolean;
}

/**
 * Makes the folder whole, or not at all. Throws UsageError where it is there and not empty, and
 * ConfigError where a value is wrong.
 */
export async function newProject(folder: string, options: NewOptions): Promise<void> {
  const target = resolve(folder);
  await refuseFilled(target, folder);
  const wishes = await wishesOf(target, options);
  problemsOf(wishes, true);
  const install = options.install;
  await made(target, async (draft) => {
    for (const [path, content] of await starterFiles(wishes)) {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), content);
    }
    if (!install) return;
    if (options.json !== true) console.error('npm install …');
    await installed(draft);
  });
  if (options.json === true) {
    console.log(JSON.stringify({ folder: target, ...wishes, installed: install, onsil: PACKAGE }));
    return;
  }
  console.log(
    [
      `${folder} has a service that runs. Next:`,
      `  cd ${folder}`,
      ...(install ? [] : ['  npm install']),
      '  npm run up      # here, with real packets',
      '  npm test        # both servers, and who may reach whom',
      `It uses the onsil in ${PACKAGE}: see its README.md.`,
    ].join('\n'),
  );
}

async function installed(draft: string): Promise<void> {
  try {
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: draft });
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const said = `${cause.output.stdout}${cause.output.stderr}`.trim();
    throw new Error(
      `npm install failed, and nothing was made. It says:\n${said}\n` +
        'With --no-install the folder is made without it.',
      { cause },
    );
  }
}

async function refuseFilled(target: string, folder: string): Promise<void> {
  const entries = await readdir(target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    const what = cause.code === 'ENOTDIR' ? 'is a file' : `cannot be read: ${cause.message}`;
    throw new UsageError(`${folder} ${what}. Name a folder that is not there yet, or is empty.`, {
      cause,
    });
  });
  if (entries.length > 0) {
    throw new UsageError(
      `${folder} is not empty: ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ' …' : ''}. ` +
        'Nothing in it is changed: name a folder that is not there yet, or is empty.',
    );
  }
}

/** Beside the target and renamed at the end: whoever looks finds all of it or nothing. */
async function made(target: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const parent = dirname(target);
  // Parents that this makes are taken back with the rest.
  const firstMade = await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, `.${basename(target)}-`));
  try {
    // A temporary folder is its maker's alone; a project is as any other folder here.
    await chmod(draft, 0o777 & ~process.umask());
    await fill(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (firstMade !== undefined) await rm(firstMade, { recursive: true, force: true });
    throw error;
  }
}

const REGIONS = [
  { value: 'ap-northeast-2', label: 'Seoul' },
  { value: 'ap-northeast-1', label: 'Tokyo' },
  { value: 'us-east-1', label: 'Virginia' },
  { value: 'eu-west-1', label: 'Ireland' },
] as const;

/** What is not given: asked, or without anybody to ask taken as it mostly is, and said. */
async function wishesOf(
  target: string,
  { name, domain, region, apis, yes, json }: NewOptions,
): Promise<Wishes> {
  const own = name ?? nameFrom(basename(target));
  const usual = { name: own, domain: `${own}.example`, region: REGIONS[0].value, apis: 2 };
  const given = {
    ...(name === undefined ? {} : { name }),
    ...(domain === undefined ? {} : { domain }),
    ...(region === undefined ? {} : { region }),
    ...(apis === undefined ? {} : { apis }),
  };
  if (yes !== true && json !== true && somebody()) return asked(usual, given);
  const wishes = { ...usual, ...given };
  if (json !== true) {
    const taken = Object.entries(wishes).filter(([key]) => !(key in given));
    const words = taken.map(([key, value]) => `--${key} ${value}`).join(' ');
    if (taken.length > 0) console.error(`Nothing was asked; taken is ${words}`);
  }
  return wishes;
}

/** A folder's name as a service may be called. */
const nameFrom = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '') || 'service';

/** Four questions at most. */
async function asked(usual: Wishes, given: Partial<Wishes>): Promise<Wishes> {
  const { text, select, isCancel } = await import('@clack/prompts');
  const answer = async <T>(question: Promise<T>): Promise<Exclude<T, symbol>> => {
    const found = await question;
    if (isCancel(found)) throw new UsageError('Nothing was made.');
    return found as Exclude<T, symbol>;
  };
  const line = (message: string, field: keyof Wishes, start: string): Promise<string> =>
    answer(
      text({
        ...{ message, initialValue: start },
        validate: (value) =>
          problemsOf({ ...usual, [field]: field === 'apis' ? Number(value) : value })[field],
      }),
    );
  const name = given.name ?? (await line('What is the service called?', 'name', usual.name));
  const domain =
    given.domain ?? (await line('Its domain, without www?', 'domain', `${name}.example`));
  const region =
    given.region ??
    (await answer(
      select({
        message: 'Where is it to run?',
        options: REGIONS.map(({ value, label }) => ({
          value: value as string,
          label,
          hint: value,
        })),
      }),
    ));
  const apis = given.apis ?? Number(await line('How many hosts run the api?', 'apis', '2'));
  return { name, domain, region, apis };
}

/** By field: what is allowed and what to change. @param thrown as the configuration's own error */
function problemsOf(
  { name, domain, region, apis }: Wishes,
  thrown = false,
): Partial<Record<keyof Wishes, string>> {
  const definition = {
    ...{ name, domain, region, web: { source: './web' } },
    api: { source: './api', instances: apis },
  };
  try {
    validate(definition, 'onsil new');
    return {};
  } catch (error) {
    if (thrown || !(error instanceof ConfigError)) throw error;
    return Object.fromEntries(
      error.issues.map(({ path, allowed }) => [path === 'api.instances' ? 'apis' : path, allowed]),
    );
  }
}
