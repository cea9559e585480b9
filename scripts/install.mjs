/** Installs the packages of the lockfile, once: quietly, and never twice at the same time. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/** Lines of npm's output shown after a failure. */
const TAIL = 30;

/**
 * Makes node_modules what package-lock.json says. Says on standard error what it does, so that
 * standard output stays the wanted program's own.
 * @param {string} root the clone's folder
 * @returns {Promise<boolean>} false where it failed; the reason has been said
 */
export async function ensurePackages(root) {
  if (isInstalled(root)) return true;
  const release = await lock(root);
  try {
    // Another process may have installed everything while this one waited.
    return isInstalled(root) || (await install(root));
  } finally {
    release();
  }
}

const stampOf = (root) => join(root, 'node_modules', '.onsil-lockfile');

/** The stamp tells; without one (installed by hand) npm's own record of what is there does. */
function isInstalled(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lockfile).digest('hex');
  if (read(stampOf(root)) === digest) return true;
  const record = read(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const there = JSON.parse(record).packages ?? {};
  const wanted = Object.entries(JSON.parse(lockfile).packages);
  const missing = wanted.filter(
    ([path, { version, optional, link }]) =>
      path.includes('node_modules/') && !optional && !link && there[path]?.version !== version,
  );
  if (missing.length > 0 || !isRuntimeThere(root, wanted)) return false;
  stamp(root);
  return true;
}

/** Optional packages may be absent; the Node for this machine may not. */
function isRuntimeThere(root, wanted) {
  const path = `node_modules/node-${process.platform}-${process.arch}`;
  const entry = wanted.find(([name]) => name === path)?.[1];
  if (entry === undefined) return true;
  const manifest = read(join(root, path, 'package.json'));
  return manifest !== undefined && JSON.parse(manifest).version === entry.version;
}

function stamp(root) {
  const digest = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  try {
    writeFileSync(stampOf(root), digest.digest('hex'));
  } catch {
    // Installed by another user: it is looked at anew each time, which costs milliseconds.
  }
}

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

async function install(root) {
  process.stderr.write(`installing ${countPackages(root)} packages … `);
  const started = Date.now();
  const { code, output } = await npm(root, [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]);
  if (code === 0) {
    stamp(root);
    process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return true;
  }
  const tail = output.trim().split('\n').slice(-TAIL).join('\n');
  process.stderr.write(
    `failed\n${tail}\n\n` +
      `npm ci failed in ${root} (exit code ${code}); the end of what it said is above.\n` +
      'If it could not reach its registry: check the network, or `npm config get registry`, and ' +
      'run this again.\nIf it could not write: check who owns node_modules and the free space.\n',
  );
  return false;
}

/** Packages of the lockfile that belong on this machine. */
function countPackages(root) {
  const fits = (list, value) => list === undefined || list.includes(value);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).filter(
    ([path, { os, cpu, link }]) =>
      path.includes('node_modules/') &&
      !link &&
      fits(os, process.platform) &&
      fits(cpu, process.arch),
  ).length;
}

/** Runs the npm that runs us, with its own Node: ours is about to be laid anew. */
function npm(root, args) {
  const script = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  const [program, first] = script === undefined ? ['npm', []] : [node, [script]];
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Waits until no other process installs into the same folder. The lock is a socket in Linux's
 * abstract namespace: the kernel drops it with its owner, so none is ever left over. Elsewhere
 * there is none, and npm's own care has to do.
 * @returns {Promise<() => void>} call it to let the next one in
 */
async function lock(root) {
  if (process.platform !== 'linux') return () => {};
  const name = `\0onsil-install-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  let said = false;
  for (;;) {
    const server = await listen(name);
    if (server !== undefined) return () => server.close();
    if (!said) process.stderr.write('waiting for another installation into the same folder …\n');
    said = true;
    await ended(name);
  }
}

function listen(name) {
  return new Promise((resolve, reject) => {
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {});
      socket.unref();
    });
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => {
      server.unref();
      resolve({
        close() {
          server.close();
          for (const socket of waiting) socket.destroy();
        },
      });
    });
  });
}

/** Resolves when the process that holds the lock lets go of it or ends. */
function ended(name) {
  return new Promise((resolve) => {
    const socket = connect(name);
    socket.on('error', () => {});
    socket.once('close', resolve);
    socket.resume();
  });
}
