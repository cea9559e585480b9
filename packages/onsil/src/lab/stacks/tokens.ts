/** Tokens by which a client says that a request is one that it has sent before. */
import { StackError } from './stack-service.ts';

export class Tokens {
  readonly #answers = new Map<string, { readonly what: string; readonly answer: string }>();

  /**
   * What the request with the token was answered with; else does it. Throws
   * `TokenAlreadyExistsException` where it was another request.
   * @param what the operation and its stack
   */
  once(token: string | undefined, what: string, work: () => string): string {
    if (token === undefined) return work();
    const former = this.#answers.get(token);
    if (former?.what === what) return former.answer;
    if (former !== undefined) {
      const said = `A request with the token ${token} was another one: ${former.what}. Send ${what} with a token of its own.`;
      throw new StackError('TokenAlreadyExistsException', said);
    }
    const answer = work();
    this.#answers.set(token, { what, answer });
    return answer;
  }
}
