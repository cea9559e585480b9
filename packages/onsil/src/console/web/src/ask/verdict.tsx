import type { Answer } from '../../../api.ts';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

type Name = Answer['verdict'];

/** A mark and a word, so that it is not told by colour alone. */
export function Verdict({ of }: { readonly of: Name }) {
  return <span className={`verdict verdict-${of}`}>{useText(TEXT).verdicts[of]}</span>;
}
