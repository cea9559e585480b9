/** Why a text is not YAML (or JSON, its subset), in the terms of who wrote it. */
import {
  type CST,
  type Document,
  isCollection,
  isScalar,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

export interface SyntaxProblem {
  readonly message: string;
  readonly hint: string;
  /** Characters from the start of the text. */
  readonly offset: number;
}

/** Of codes whose own messages speak of the grammar. The rest are clear as they are. */
const TEXTS: Readonly<Record<string, { readonly message?: string; readonly hint: string }>> = {
  BAD_INDENT: { hint: 'Give all keys of one map the same indentation.' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'this is the value of its key, and yet more keys follow',
    hint: 'Check the indentation of this line and of the next one.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'what begins here ends on a later line, and there a colon follows',
    hint: 'Check the quotes, the commas and the indentation here.',
  },
  MULTIPLE_DOCS: {
    message: 'a second document begins here',
    hint: 'A template is one document: remove the second one.',
  },
  TAB_AS_INDENT: { hint: 'Indent with spaces.' },
  UNEXPECTED_TOKEN: {
    message: 'this is not expected here',
    hint: 'Is a comma, a quote or a bracket missing before it?',
  },
};
const HINT = 'Check the indentation, the quotes and the brackets there.';

/** Nothing where the text is well-formed; only the first mistake, of which the others may follow. */
export function syntaxProblems(text: string, { errors }: Document): readonly SyntaxProblem[] {
  const isDuplicate = ({ code }: YAMLError) => code === 'DUPLICATE_KEY';
  const first = errors.find((error) => !isDuplicate(error));
  if (first === undefined) return errors.map((error) => duplicateKey(text, error));
  const kind = text.trimStart().startsWith('{') ? 'JSON' : 'YAML';
  const offset = first.pos[0];
  if (/call stack/i.test(first.message)) {
    const message = 'The template is nested too deeply to be read.';
    return [{ message, hint: 'Templates nest a few dozen levels at most.', offset }];
  }
  const open = ['BAD_INDENT', 'MISSING_CHAR'].includes(first.code)
    ? unclosedBefore(text, offset)
    : undefined;
  if (open !== undefined) {
    const message = `This is not well-formed ${kind}: the ${text[open]} here is not closed.`;
    return [{ message, hint: 'Close it.', offset: open }];
  }
  const { message = first.message, hint } = TEXTS[first.code] ?? { hint: HINT };
  return [{ message: `This is not well-formed ${kind}: ${message}.`, hint, offset }];
}

function duplicateKey(text: string, { pos }: YAMLError): SyntaxProblem {
  const offset = pos[0];
  const key = /^(?:"[^"]*"|'[^']*'|[^\s:]+)/.exec(text.slice(offset))?.[0] ?? 'This key';
  return { message: `${key} is a key of this map already.`, hint: 'Keep one of the two.', offset };
}

/** The innermost quote or bracket that opens before an offset and has no partner. */
function unclosedBefore(text: string, offset: number): number | undefined {
  let found: number | undefined;
  const document = parseDocument(text, { keepSourceTokens: true, logLevel: 'silent' });
  visit(document, (_key, node) => {
    if (!isScalar(node) && !isCollection(node)) return;
    const { srcToken } = node;
    if (srcToken !== undefined && srcToken.offset < offset && isOpen(srcToken)) {
      found = srcToken.offset;
    }
  });
  return found;
}

function isOpen(token: CST.Token): boolean {
  switch (token.type) {
    case 'flow-collection':
      return !token.end.some(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
    case 'double-quoted-scalar':
    case 'single-quoted-scalar':
      return token.source.length < 2 || token.source.at(-1) !== token.source[0];
    default:
      return false;
  }
}
