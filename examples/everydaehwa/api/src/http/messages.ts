import type { Language } from './language.ts';

type Text = Readonly<Record<Language, string>>;

/** Every problem that this service answers with: its status (RFC 9110) and what it says to people. */
export const problems = {
  'malformed-json': {
    status: 400,
    ko: '요청을 읽을 수 없습니다.',
    en: 'The request body is not valid JSON.',
  },
  'wrong-credentials': {
    status: 401,
    ko: '이메일 또는 비밀번호가 올바르지 않습니다.',
    en: 'The e-mail address or the password is wrong.',
  },
  'not-logged-in': { status: 401, ko: '로그인이 필요합니다.', en: 'You are not logged in.' },
  'cross-site-request': {
    status: 403,
    ko: '다른 사이트에서 보낸 요청은 받지 않습니다.',
    en: 'Requests from other sites are refused.',
  },
  'not-found': { status: 404, ko: '찾을 수 없습니다.', en: 'There is nothing here.' },
  'email-taken': {
    status: 409,
    ko: '이미 가입된 이메일입니다.',
    en: 'This e-mail address already has an account.',
  },
  'body-too-large': {
    status: 413,
    ko: '요청이 너무 큽니다.',
    en: 'The request body is too large.',
  },
  'json-only': {
    status: 415,
    ko: 'JSON 형식의 요청만 받습니다.',
    en: 'Send the request body as application/json.',
  },
  'validation-failed': {
    status: 422,
    ko: '입력한 내용을 확인해 주세요.',
    en: 'Please check what you entered.',
  },
  'too-many-attempts': {
    status: 429,
    ko: '시도가 너무 많습니다. 잠시 후 다시 시도해 주세요.',
    en: 'Too many attempts. Please try again later.',
  },
  'internal-error': {
    status: 500,
    ko: '서버에 문제가 생겼습니다. 잠시 후 다시 시도해 주세요.',
    en: 'Something went wrong on our side. Please try again later.',
  },
  'service-unavailable': {
    status: 503,
    ko: '지금은 서비스를 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    en: 'The service is not available right now. Please try again shortly.',
  },
} as const satisfies Record<string, Text & { readonly status: number }>;

export type ProblemCode = keyof typeof problems;

/** What can be wrong with one field of a form. */
export const fieldMessages = {
  'email.invalid': {
    ko: '이메일 주소를 정확히 입력해 주세요. 예: hana@example.com',
    en: 'Enter an e-mail address, such as hana@example.com.',
  },
  'email.taken': {
    ko: '이미 가입된 이메일입니다. 로그인해 주세요.',
    en: 'This e-mail address already has an account. Please log in.',
  },
  'password.missing': { ko: '비밀번호를 입력해 주세요.', en: 'Enter your password.' },
  'password.short': {
    ko: '비밀번호는 10자 이상이어야 합니다.',
    en: 'Use at least 10 characters.',
  },
  'password.long': {
    ko: '비밀번호는 128자 이하여야 합니다.',
    en: 'Use at most 128 characters.',
  },
  'name.missing': { ko: '이름을 입력해 주세요.', en: 'Enter your name.' },
  'name.long': { ko: '이름은 50자 이하여야 합니다.', en: 'Use at most 50 characters.' },
  'field.invalid': { ko: '올바르지 않은 값입니다.', en: 'This value is not valid.' },
} as const satisfies Record<string, Text>;

export type FieldMessage = keyof typeof fieldMessages;

export function isFieldMessage(value: string): value is FieldMessage {
  return Object.hasOwn(fieldMessages, value);
}
