/** What AWS refused, in words that say what to do next. The refusal itself is its cause. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
}

/** Names of errors by which the SDK says that there are no credentials, or no longer. */
const CREDENTIALS: readonly string[] = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'AuthFailure',
  'TokenProviderError',
];

export const codeOf = (error: unknown): string => (error instanceof Error ? error.name : '');

export const messageOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : codeOf(error) || String(error);

/** Whether it is the credentials that AWS does not take. */
export const isAboutCredentials = (error: unknown): boolean => CREDENTIALS.includes(codeOf(error));
