/**
 * A program on a terminal of its own (pty). Node has no function for one, and util-linux's script
 * cannot be told another size. https://man7.org/linux/man-pages/man7/pty.7.html
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const posix_openpt = libc.func('int posix_openpt(int flags)');
const unlockpt = libc.func('int unlockpt(int fd)');
const ptsname_r = libc.func('int ptsname_r(int fd, void *name, size_t size)');
const ioctl = libc.func('int ioctl(int fd, unsigned long request, void *argument)');

/** https://man7.org/linux/man-pages/man2/TIOCSWINSZ.2const.html; the same on x86-64 and arm64. */
const TIOCSWINSZ = 0x5414;
/** Programs that are started meanwhile must not inherit it. */
const O_CLOEXEC = 0o2000000;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export class Terminal {
  readonly #stream: ReadStream;
  readonly #child: ChildProcess;
  readonly #master: number;
  #isOpen = true;
  /** The program's exit code, 128 + n where signal n ended it; null where it did not start. */
  readonly ended: Promise<number | null>;

  /** Throws where there is no terminal to be had. @param command the program and its arguments */
  constructor(command: readonly string[], size: TerminalSize, tell: (bytes: Buffer) => void) {
    const master = checked(
      'posix_openpt',
      posix_openpt(constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC),
    );
    this.#master = master;
    let slave: number;
    try {
      checked('unlockpt', unlockpt(master));
      setSize(master, size);
      slave = openSync(nameOf(master), constants.O_RDWR | constants.O_NOCTTY);
    } catch (error) {
      closeSync(master);
      throw error;
    }
    // It takes the terminal as its own, so that Ctrl-C reaches what runs in front.
    this.#child = spawn('setsid', ['--ctty', '--', ...command], {
      cwd: '/',
      stdio: [slave, slave, slave],
    });
    closeSync(slave);
    this.#stream = new ReadStream(master);
    this.#stream.on('data', tell);
    // EIO: nobody has the other end any more.
    this.#stream.on('error', () => {});
    const exited = new Promise<number | null>((resolve) => {
      this.#child.once('error', () => resolve(null));
      this.#child.once('exit', (code, signal) => resolve(code ?? (signal === null ? null : 128)));
    });
    const drained = new Promise<void>((resolve) => this.#stream.once('close', () => resolve()));
    // What it said last is told before its end.
    this.ended = Promise.all([exited, drained]).then(([code]) => {
      this.#isOpen = false;
      return code;
    });
  }

  write(bytes: Buffer): void {
    if (this.#isOpen) this.#stream.write(bytes);
  }

  /** Programs on it are told. */
  resize(size: TerminalSize): void {
    if (this.#isOpen && !this.#stream.destroyed) setSize(this.#master, size);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Hangs up, as a terminal that is closed does. */
  close(): void {
    this.#stream.destroy();
    this.#child.kill('SIGHUP');
  }
}

/** struct winsize: rows, columns, and two that nobody uses. */
function setSize(fd: number, { columns, rows }: TerminalSize): void {
  const size = Buffer.from(new Uint16Array([rows, columns, 0, 0]).buffer);
  checked('ioctl', ioctl(fd, TIOCSWINSZ, size));
}

function nameOf(master: number): string {
  const name = Buffer.alloc(128);
  checked('ptsname_r', -Math.abs(Number(ptsname_r(master, name, name.length))));
  return name.toString('utf8', 0, name.indexOf(0));
}

function checked(call: string, result: unknown): number {
  const value = Number(result);
  if (value >= 0) return value;
  throw new Error(`A terminal cannot be made: ${call} failed (errno ${koffi.errno()}).`);
}
