/** Requests to a lab's site as the host's browser makes them: to 127.0.0.1, by the site's name. */
import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface Message {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Default: the site's own, as a page of the site would send. */
  readonly origin?: string;
  readonly cookie?: string;
}

/** One request; redirects are not followed. */
export function ask(site: string, path: string, message: Message = {}): Promise<Answer> {
  const url = new URL(path, site);
  const body = message.json === undefined ? undefined : JSON.stringify(message.json);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: url.pathname,
        method: message.method ?? 'GET',
        headers: {
          host: url.host,
          origin: message.origin ?? url.origin,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(message.cookie === undefined ? {} : { cookie: message.cookie }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
        response.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** The cookies that an answer sets, as a browser sends them back. */
export function cookiesOf(answer: Answer): string {
  const set = answer.headers['set-cookie'];
  return (Array.isArray(set) ? set : []).map((each) => each.split(';')[0]).join('; ');
}
