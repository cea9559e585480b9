import { describe, expect, it } from 'vitest';
import { readProblem } from './problem.ts';

describe('readProblem', () => {
  it('finds the error of each field', () => {
    const body = {
      title: '입력한 내용을 확인해 주세요.',
      status: 422,
      errors: [{ pointer: '#/email', detail: '이메일 주소를 정확히 입력해 주세요.' }],
    };
    expect(readProblem(body)).toEqual({
      title: '입력한 내용을 확인해 주세요.',
      fields: { email: '이메일 주소를 정확히 입력해 주세요.' },
    });
  });

  it.each([undefined, null, '<html>502 Bad Gateway</html>', {}, { title: 1 }])(
    'says something kind about an answer that is no problem: %j',
    (body) => {
      expect(readProblem(body)).toEqual({
        title: expect.stringContaining('잠시 후 다시'),
        fields: {},
      });
    },
  );
});
