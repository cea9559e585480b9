/** One shell in one element of the page, by the WebSocket `/api/terminal`. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { TerminalExit, TerminalResize } from '../../../api.ts';

export type SessionEnd =
  /** Null where the machine went away. */
  | { readonly kind: 'exited'; readonly code: number | null }
  /** An empty reason: nobody said one. */
  | { readonly kind: 'failed'; readonly reason: string };

interface Session {
  readonly host: string;
  readonly label: string;
  readonly ended: (end: SessionEnd) => void;
}

/** Dark in both schemes, as programs suppose; each colour can be read on the ground. */
const THEME = {
  ...{ background: '#12161c', foreground: '#e6eaf0', cursor: '#86efac' },
  ...{ selectionBackground: '#3d4f66', black: '#6b7685', brightBlack: '#8b96a5' },
  ...{ red: '#ff9d94', green: '#7ee2a0', yellow: '#ffc069', blue: '#8ab4ff' },
  ...{ magenta: '#e0a3ff', cyan: '#7fdbe6', white: '#e6eaf0' },
};

/** @returns what ends it */
export function openSession(element: HTMLElement, { host, label, ended }: Session): () => void {
  const terminal = new Terminal({
    ...{ screenReaderMode: true, scrollback: 5000, theme: THEME, fontSize: 13 },
    fontFamily: getComputedStyle(element).getPropertyValue('--mono'),
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', label);
  terminal.attachCustomKeyEventHandler((event) => !isOfPage(event, terminal));
  fit.fit();
  const { cols, rows } = terminal;
  const query = new URLSearchParams({ host, columns: String(cols), rows: String(rows) });
  const socket = new WebSocket(`ws://${location.host}/api/terminal?${query}`);
  socket.binaryType = 'arraybuffer';
  let isOver = false;
  const end = (how: SessionEnd) => {
    if (isOver) return;
    isOver = true;
    terminal.options.disableStdin = true;
    ended(how);
  };
  const send = (data: Uint8Array<ArrayBuffer> | string) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
  };
  terminal.onData((text) => send(new TextEncoder().encode(text)));
  terminal.onBinary((bytes) => send(Uint8Array.from(bytes, (each) => each.charCodeAt(0))));
  terminal.onResize((size) => {
    const wanted: TerminalResize = { columns: size.cols, rows: size.rows };
    send(JSON.stringify(wanted));
  });
  socket.onopen = () => terminal.focus();
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data === 'string') {
      const { exitCode }: TerminalExit = JSON.parse(data);
      end({ kind: 'exited', code: exitCode });
    } else terminal.write(new Uint8Array(data));
  };
  socket.onclose = ({ reason }) => end({ kind: 'failed', reason });
  const sized = new ResizeObserver(() => fit.fit());
  sized.observe(element);
  return () => {
    isOver = true;
    sized.disconnect();
    socket.close();
    terminal.dispose();
  };
}

/** Keys that are not the shell's: the way out, and to copy what is selected. */
function isOfPage(event: KeyboardEvent, terminal: Terminal): boolean {
  const { shiftKey, ctrlKey, key, code, type } = event;
  if (key === 'Tab' && shiftKey) return true;
  if (!(ctrlKey && shiftKey && code === 'KeyC')) return false;
  event.preventDefault();
  if (type === 'keydown') void navigator.clipboard.writeText(terminal.getSelection());
  return true;
}
