import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Coloured text where the stream is a terminal that wants colours (NO_COLOR, FORCE_COLOR). */
export function style(stream: NodeJS.WriteStream, format: Format, text: string): string {
  return styleText(format, text, { stream });
}
