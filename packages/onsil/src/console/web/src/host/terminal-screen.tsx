import { useEffect, useRef } from 'react';
import { openSession, type SessionEnd } from './terminal-session.ts';

/** Loaded when the first terminal is opened: xterm is most of the page. */
export default function TerminalScreen({
  host,
  label,
  ended,
}: {
  readonly host: string;
  readonly label: string;
  readonly ended: (end: SessionEnd) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(
    () => (box.current === null ? undefined : openSession(box.current, { host, label, ended })),
    [host, label, ended],
  );
  return <div ref={box} className="terminal-screen" />;
}
