import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** A stream of output, perhaps a terminal. */
export type Screen = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Cells in a row. */
  readonly columns?: number;
  readonly rows?: number;
};

/** Coloured text where the stream is a terminal that wants colours (NO_COLOR, FORCE_COLOR). */
export function style(stream: Screen, format: Format, text: string): string {
  return styleText(format, text, { stream });
}
