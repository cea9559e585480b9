/** Answers in a thread of its own: the daemon's loop serves the machines meanwhile. */
import { parentPort } from 'node:worker_threads';
import type { Question } from '../api.ts';
import { Answers, type Ground, type Prices, QuestionError } from './answers.ts';

export type Asked =
  | { readonly call: 'ask'; readonly of: Question }
  | { readonly call: 'host'; readonly of: string }
  | { readonly call: 'scene'; readonly of: Prices }
  | { readonly call: 'matrix' | 'policies' | 'arrows' | 'broken' };

export interface Order {
  readonly id: number;
  /** Present where it differs from the last one's. */
  readonly ground?: Ground;
  readonly asked: Asked;
}

export type Reply = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly message: string; readonly isQuestion: boolean }
);

let answers: Answers | undefined;

parentPort?.on('message', ({ id, ground, asked }: Order) => {
  let reply: Reply;
  try {
    if (ground !== undefined) answers = new Answers(ground);
    if (answers === undefined) throw new Error('There is no region yet.');
    reply = { id, value: answer(answers, asked) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    reply = { id, message, isQuestion: error instanceof QuestionError };
  }
  parentPort?.postMessage(reply);
});

function answer(of: Answers, asked: Asked): unknown {
  switch (asked.call) {
    case 'ask':
      return of.ask(asked.of);
    case 'host':
      return of.host(asked.of);
    case 'scene':
      return of.scene(asked.of);
    default:
      return of[asked.call]();
  }
}
