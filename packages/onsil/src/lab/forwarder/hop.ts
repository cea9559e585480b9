/** The way from the forwarder to the site, in hops: a failure names the one that broke. */
export type Hop =
  /** The domain has no public address. */
  | 'name'
  /** Nothing answers at the address. */
  | 'connection'
  /** Something answers, but cannot prove to be the domain. */
  | 'certificate'
  /** The connection stood, and the site broke it off before it had answered. */
  | 'answer';

export class HopError extends Error {
  override readonly name = 'HopError';
  readonly hop: Hop;

  constructor(hop: Hop, message: string, options?: ErrorOptions) {
    super(message, options);
    this.hop = hop;
  }
}

/** What every error of a request becomes. */
export function asHopError(error: unknown, domain: string): HopError {
  if (error instanceof HopError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new HopError(
    'answer',
    `${domain} broke the connection off without an answer: ${detail}.`,
    {
      cause: error,
    },
  );
}

const ADVICE: Readonly<Record<Hop, string>> = {
  name: 'onsil status shows whether the edge has its public address and the domain its record.',
  connection: 'onsil status shows whether the edge runs; onsil logs edge says why not.',
  certificate: 'onsil logs edge shows whether it obtained its certificate.',
  answer: 'onsil logs edge shows what happened.',
};

export interface ErrorPage {
  readonly type: string;
  readonly body: string;
}

/** A small page for people, or an object for programs. */
export function errorPage(error: HopError, accept: string | undefined): ErrorPage {
  const advice = ADVICE[error.hop];
  if (accept?.includes('text/html') !== true) {
    const body = { error: 'bad_gateway', hop: error.hop, message: error.message, advice };
    return { type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
  }
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>502: the site does not answer</title>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem">
<h1>The site does not answer</h1>
<p>Hop that failed: <strong>${error.hop}</strong></p>
<p>${escapeHtml(error.message)}</p>
<p>${escapeHtml(advice)}</p>
</body></html>
`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
