/** Words of haproxy.cfg. https://docs.haproxy.org/2.6/configuration.html#2.2 */

/** One word, whatever is in it. Nothing ends a line but its end: control characters go. */
export function quoted(text: string): string {
  return `'${withoutControls(text).replaceAll("'", String.raw`'\''`)}'`;
}

/** As part of a log-format string, where a percent sign begins an expression. */
export function literal(text: string): string {
  return withoutControls(text).replaceAll('%', '%%');
}

/** The regular expression of a pattern in which `*` stands for any letters and `?` for one. */
export function wildcard(pattern: string, any = '.'): string {
  return withoutControls(pattern)
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', `${any}*`)
    .replaceAll('?', any);
}

export const has = (pattern: string): string => `^${wildcard(pattern)}$`;

function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '');
}
