import { useState } from 'react';
import type { Commands } from '../../../api.ts';
import { type Texts, useText } from '../text.tsx';

const TEXT = {
  en: { same: 'The same in a shell', copy: 'Copy', copied: 'Copied' },
  ko: { same: '셸에서 같은 일', copy: '복사', copied: '복사됨' },
} satisfies Texts<unknown>;

/** The shell lines that do what a view or a button does. */
export function CommandLines({ commands }: { readonly commands: Commands }) {
  const text = useText(TEXT);
  const [isCopied, setCopied] = useState(false);
  if (commands.length === 0) return null;
  const lines = commands.join('\n');
  const copy = async () => {
    await navigator.clipboard.writeText(lines);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <figure className="commands">
      <figcaption className="hidden">{text.same}</figcaption>
      <pre>{lines}</pre>
      <button type="button" className="quiet" onClick={() => void copy()}>
        <span aria-live="polite">{isCopied ? text.copied : text.copy}</span>
      </button>
    </figure>
  );
}
