/** What went wrong, ready to be shown. */
export interface Problem {
  readonly title: string;
  /** What is wrong with single fields, by their names. */
  readonly fields: Readonly<Record<string, string>>;
}

export const unreachable: Problem = {
  title: '서버에 연결할 수 없습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.',
  fields: {},
};

/** Reads a problem+json answer (RFC 9457). A proxy in between may answer in any other form. */
export function readProblem(body: unknown): Problem {
  if (!isObject(body) || typeof body['title'] !== 'string') {
    return { title: '지금은 서비스를 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.', fields: {} };
  }
  const errors = Array.isArray(body['errors']) ? body['errors'].filter(isObject) : [];
  const fields = errors.map(({ pointer, detail }) => [
    String(pointer).replace('#/', ''),
    String(detail),
  ]);
  return { title: body['title'], fields: Object.fromEntries(fields) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
