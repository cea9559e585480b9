import { AwsError } from '../endpoints/error.ts';
import type { Bytes } from './payload.ts';

const CR = 13;
const LF = 10;
const MAX_LINE = 4_096;

/** Reads lines and runs of bytes out of a stream of chunks. */
export class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(source: Bytes) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next line without its CR LF; undefined at the end of the stream. */
  async line(): Promise<string | undefined> {
    let text = '';
    for (;;) {
      const end = this.#held.indexOf(LF);
      if (end >= 0) {
        text += Buffer.from(this.#held.subarray(0, end + 1)).toString('latin1');
        this.#held = this.#held.subarray(end + 1);
        if (text.charCodeAt(text.length - 2) !== CR) throw incomplete('a line without CR LF');
        return text.slice(0, -2);
      }
      text += Buffer.from(this.#held).toString('latin1');
      this.#held = new Uint8Array();
      if (text.length > MAX_LINE) throw incomplete('a line without an end');
      if (await this.#fill()) continue;
      if (text === '') return undefined;
      throw incomplete('the body ends within a line');
    }
  }

  /** Exactly `length` bytes, in pieces as they come. */
  async *take(length: number): AsyncGenerator<Uint8Array> {
    let left = length;
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#fill())) {
        throw incomplete('the body ends within a chunk');
      }
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#iterator.next();
    if (done === true) return false;
    this.#held = value;
    return true;
  }
}

export function incomplete(what: string): AwsError {
  return new AwsError(
    400,
    'IncompleteBody',
    `The request body is not a valid aws-chunked body: ${what}.`,
  );
}
