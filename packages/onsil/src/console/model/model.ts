/** The model's answers about the region as it is, each worked out once. */
import { Worker } from 'node:worker_threads';
import type { Scene } from '../../diagram/scene.ts';
import type { Answer, Arrow, Host, Matrix, Policies } from '../api.ts';
import { type Ground, QuestionError } from './answers.ts';
import type { Asked, Order, Reply } from './worker.ts';

interface Results {
  readonly ask: Omit<Answer, 'commands'>;
  readonly host: Pick<Host, 'reachedBy' | 'reaches'>;
  readonly matrix: Omit<Matrix, 'commands'>;
  readonly scene: Scene;
  readonly policies: Omit<Policies, 'commands'>;
  readonly arrows: readonly Arrow[];
  readonly broken: readonly string[];
}

/** Nobody has asked for so long: the thread and its memory go. */
const IDLE_MS = 60_000;

export class Model {
  readonly #ground: () => Ground;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  /** The region that the worker has, and the answers about it. */
  #of: Ground['region'] | undefined;
  #sent: Ground['region'] | undefined;
  #answers = new Map<string, Promise<unknown>>();

  /** @param ground as it is at this moment; another region is another object */
  constructor(ground: () => Ground) {
    this.#ground = ground;
  }

  /** Throws QuestionError where there is no such end. */
  of<Call extends Asked['call']>(
    asked: Extract<Asked, { readonly call: Call }> | (Asked & { readonly call: Call }),
  ): Promise<Results[Call]> {
    const ground = this.#ground();
    if (ground.region !== this.#of) {
      this.#of = ground.region;
      this.#answers = new Map();
    }
    const key = JSON.stringify(asked);
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<Results[Call]>;
    const answers = this.#answers;
    const answer = this.#send(ground, asked);
    answers.set(key, answer);
    // A failure is asked anew.
    answer.catch(() => answers.delete(key));
    return answer as Promise<Results[Call]>;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#sent = undefined;
    await worker?.terminate();
  }

  #send(ground: Ground, asked: Asked): Promise<unknown> {
    const worker = this.#start();
    this.#last += 1;
    const id = this.#last;
    const order: Order = this.#sent === ground.region ? { id, asked } : { id, ground, asked };
    this.#sent = ground.region;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    clearTimeout(this.#idle);
    worker.postMessage(order);
    return waiting.promise;
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('value' in reply) waiting?.resolve(reply.value);
      else
        waiting?.reject(
          reply.isQuestion ? new QuestionError(reply.message) : new Error(reply.message),
        );
      if (this.#waiting.size === 0) {
        this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
      }
    });
    const gone = (cause: unknown): void => {
      if (this.#worker === worker) {
        this.#worker = undefined;
        this.#sent = undefined;
      }
      for (const waiting of this.#waiting.values()) waiting.reject(cause);
      this.#waiting.clear();
    };
    worker.once('error', gone);
    worker.once('exit', () => gone(new Error('The model was stopped.')));
    this.#worker = worker;
    return worker;
  }
}
