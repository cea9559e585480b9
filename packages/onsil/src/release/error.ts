/** An app that cannot be released; the message says why and what to change. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}
