/** `npm run bench`: what a lab of the example costs on this machine. See `--help`. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectTemplate } from '../packages/onsil/src/cli/template.ts';
import { takeDown } from '../packages/onsil/src/lab/daemon/down.ts';
import { prepare } from '../packages/onsil/src/lab/daemon/prepare.ts';
import { installPackages } from '../packages/onsil/src/lab/host/install.ts';
import { missingPackages } from '../packages/onsil/src/lab/host/packages.ts';
import { measureBusy, QUIET } from './bench/busy.ts';
import {
  figuresOf,
  type Measurements,
  markdownTable,
  plainTable,
  ratios,
  replaceBetweenMarkers,
} from './bench/figures.ts';
import { GROUPS_LAB, type GroupTimes, measureGroups } from './bench/groups.ts';
import { HUNDRED_LAB, type HundredTimes, measureHundred } from './bench/hundred.ts';
import { type LabMemory, measureMemory } from './bench/memory.ts';
import { type BenchOptions, BenchUsageError, HELP, parseOptions } from './bench/options.ts';
import { measureReach, type ReachTimes } from './bench/reach.ts';
import { measureRequests } from './bench/requests.ts';
import { measureDown, measureUp } from './bench/start.ts';
import { measureThroughput, removeThroughputLabs } from './bench/throughput.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const LAB = 'bench';
const COLD_LAB = 'bench-cold';
/** Instances on which nothing of the service runs. */
const BARE = ['bastion', 'nat'];

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  // Progress goes to standard error: standard output is the table, or JSON.
  const say = (text: string): void => console.error(text);
  if (options.only === 'reach') {
    const busy = await measureBusy(AbortSignal.timeout(60_000));
    await report(options, reachFigures(measureReach(options.rounds, say)), undefined, busy);
    return 0;
  }
  if (process.getuid?.() !== 0) {
    console.error('The bench starts labs, which needs root: sudo npm run bench');
    return 1;
  }
  await install(say);
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interrupted.abort(new Error(`The bench was ended by ${name}.`)));
  }
  try {
    const busy = await measureBusy(interrupted.signal);
    if (busy > QUIET) say(`warning: ${notQuiet(busy).en} Figures will be off, requests most.`);
    const { measurements, memory } =
      options.only === 'load'
        ? { measurements: await measureLoad(options, interrupted.signal, say), memory: undefined }
        : await measure(options, interrupted.signal, say);
    await report(options, measurements, memory, busy);
    return 0;
  } catch (error) {
    // What an interrupted program said last does not matter.
    throw interrupted.signal.aborted ? interrupted.signal.reason : error;
  } finally {
    for (const lab of [LAB, COLD_LAB, HUNDRED_LAB, GROUPS_LAB]) await takeDown(lab);
    await removeThroughputLabs();
  }
}

async function install(say: (text: string) => void): Promise<void> {
  const interactive = process.stdin.isTTY === true;
  await installPackages(missingPackages(['bench']), { say, interactive });
}

async function measure(
  options: BenchOptions,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<{ readonly measurements: Measurements; readonly memory: LabMemory }> {
  const { rounds, quick } = options;
  for (const lab of [LAB, COLD_LAB]) await takeDown(lab);

  const template = await projectTemplate(join(root, 'examples/everydaehwa'));
  const request = { lab: LAB, region: 'ap-northeast-2', parameters: {} };
  const { region, metadata } = prepare(
    { ...request, template, templateFile: 'the template of the example' },
    'ssh-ed25519 AAAA bench',
    'bench',
  );
  if (metadata === undefined) throw new Error("The example's template has no metadata.");

  say('throughput: two fabrics, with rules and without');
  const throughput = await measureThroughput(region, rounds, signal);

  say('provisioning, so that the next starts are warm (not measured)');
  await measureUp(LAB, { signal });
  await measureDown(LAB, { signal });
  const ups = [];
  const downs = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`warm up and down: ${round} of ${rounds}`);
    ups.push(await measureUp(LAB, { signal }));
    downs.push(await measureDown(LAB, { signal }));
  }

  await measureUp(LAB, { signal });
  say('memory of idle instances');
  const memory = await measureMemory(LAB, signal);
  say('requests per second: the whole path, and straight to api-1');
  const { domain, health } = metadata;
  const site = { lab: LAB, domain, health: new URL(health).pathname, apiPort: 8080 };
  const rates = await measureRequests(site, rounds, signal);
  await measureDown(LAB, { signal });

  const reach = measureReach(rounds, say);
  const load = await measureLoad(options, signal, say);
  const coldUp = quick ? [] : [await coldStart(signal, say)];
  const bare = memory.machines.filter(({ name }) => BARE.includes(name));
  return {
    memory,
    measurements: {
      warmUp: ups.map((up) => up.toLogin),
      warmReady: ups.map((up) => up.ready),
      coldUp,
      down: downs.map((down) => down.said),
      downWhole: downs.map((down) => down.whole),
      memoryBare: bare.map(({ total }) => total),
      memorySupervisor: bare.map(({ supervisor }) => supervisor),
      memoryAll: [memory.machines.reduce((sum, { total }) => sum + total, 0)],
      memoryDaemon: [memory.daemon],
      requestsWhole: rates.whole,
      requestsDirect: rates.direct,
      requestsRatio: ratios(rates.whole, rates.direct),
      throughputGates: throughput.gates,
      throughputPlain: throughput.plain,
      throughputRatio: ratios(throughput.gates, throughput.plain),
      ...reachFigures(reach),
      ...load,
    },
  };
}

async function measureLoad(
  { rounds, quick }: BenchOptions,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Measurements> {
  const { added, changed, silence }: GroupTimes = await measureGroups(rounds, say);
  const groups = { groupsAdded: added, groupsChanged: changed, groupsSilence: silence };
  if (quick) return groups;
  await takeDown(HUNDRED_LAB);
  const hundred: HundredTimes = await measureHundred(rounds, signal, say);
  const { cold, warm, down, memory, console: page } = hundred;
  return {
    ...groups,
    ...{ hundredCold: cold, hundredWarm: warm, hundredDown: down, hundredMemory: memory },
    ...{ consoleMap: [page.paint], consoleIdle: [page.idle] },
    ...{ consoleWatched: [page.watched], consoleClosed: [page.closed] },
  };
}

function reachFigures(times: ReachTimes): Measurements {
  const growth = ratios(times.reach5000Five, times.reach1000Five);
  return { ...times, reachGrowth: growth.map((percent) => percent / 100) };
}

/** Seconds to the first login with an empty cache of its own, on a disk: /tmp may be memory. */
async function coldStart(signal: AbortSignal, say: (text: string) => void): Promise<number> {
  say('cold up, once: image, releases and every set-up from nothing');
  const cache = await mkdtemp('/var/tmp/onsil-bench-');
  try {
    const { toLogin } = await measureUp(COLD_LAB, { signal, env: { ONSIL_CACHE: cache } });
    return toLogin;
  } finally {
    await takeDown(COLD_LAB);
    await rm(cache, { recursive: true, force: true });
  }
}

async function report(
  { json, write }: BenchOptions,
  measurements: Measurements,
  memory: LabMemory | undefined,
  busy: number,
): Promise<void> {
  const machine = await machineOf(busy);
  const figures = figuresOf(measurements);
  if (json) console.log(JSON.stringify({ machine, figures, memory }));
  else {
    console.log(`\n${machine.en}\n\n${plainTable(figures)}\n`);
    const each = memory?.machines.map(({ name, total }) => `${name} ${total.toFixed(1)}`);
    if (each !== undefined) console.log(`idle memory in MB: ${each.join(', ')}`);
  }
  if (!write) return;
  for (const [file, language] of [
    ['README.md', 'en'],
    ['README.ko.md', 'ko'],
  ] as const) {
    const text = await readFile(join(root, file), 'utf8');
    const table = markdownTable(language, figures, machine[language]);
    await writeFile(join(root, file), replaceBetweenMarkers(text, `\n${table}\n`));
  }
}

/** Stands beside the figures wherever they go. */
function notQuiet(busy: number) {
  const share = busy.toFixed(0);
  return {
    en: `Other work kept ${share} % of the processors busy before the start.`,
    ko: `시작하기 전 다른 작업이 프로세서의 ${share} %를 쓰고 있었습니다.`,
  };
}

async function machineOf(busy: number) {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const system = /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
  const [processor] = cpus();
  const cores = cpus().length;
  const memory = Math.round(totalmem() / 1024 ** 3);
  const rest = `${processor?.model.trim() ?? process.arch}, ${system}, Linux ${release()}, Node ${process.versions.node}`;
  const day = new Date().toISOString().slice(0, 10);
  const note = busy > QUIET ? notQuiet(busy) : { en: '', ko: '' };
  return {
    cores,
    memoryGiB: memory,
    busyPercent: Math.round(busy),
    en: `${cores} cores, ${memory} GiB of memory (${rest}), ${day}. ${note.en}`.trim(),
    ko: `코어 ${cores}개, 메모리 ${memory} GiB (${rest}), ${day}. ${note.ko}`.trim(),
  };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`error  ${message}`);
  const isUsage = error instanceof BenchUsageError;
  if (isUsage) console.error(`\n${HELP}`);
  else if (process.env['ONSIL_DEBUG'] !== undefined) console.error(error);
  process.exitCode = isUsage ? 2 : 1;
}
