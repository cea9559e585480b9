import { describe, expect, it } from 'vitest';
import { chooseLanguage } from './language.ts';
import { describeProblem, Problem } from './problem.ts';

describe('a problem', () => {
  it('names its type, its status and the fields at fault, in the language asked for', () => {
    const problem = new Problem('email-taken', {
      fields: [{ field: 'email', message: 'email.taken' }],
    });
    expect(describeProblem(problem, 'en', 'r-1')).toEqual({
      type: 'tag:everydaehwa.net,2026:email-taken',
      title: 'This e-mail address already has an account.',
      status: 409,
      instance: 'urn:request:r-1',
      errors: [
        {
          pointer: '#/email',
          detail: 'This e-mail address already has an account. Please log in.',
        },
      ],
    });
    expect(describeProblem(problem, 'ko', 'r-1').title).toBe('이미 가입된 이메일입니다.');
  });

  it('has no list of fields where none is at fault', () => {
    expect(describeProblem(new Problem('not-found'), 'ko', 'r-1')).not.toHaveProperty('errors');
  });
});

describe('chooseLanguage', () => {
  it.each([
    [undefined, 'ko'],
    ['', 'ko'],
    ['en', 'en'],
    ['en-US,en;q=0.9', 'en'],
    ['ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7', 'ko'],
    ['ko;q=0.5,en;q=0.9', 'en'],
    ['fr-FR,en;q=0.5', 'en'],
    ['fr', 'ko'],
    ['en;q=0', 'ko'],
    ['*', 'ko'],
  ])('%s: %s', (header, expected) => expect(chooseLanguage(header)).toBe(expected));
});
