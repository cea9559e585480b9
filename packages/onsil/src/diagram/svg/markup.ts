/** Text and attributes of XML. */

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
};

/** Control characters, which XML cannot have, become a replacement character. */
export const textMarkup = (text: string): string =>
  text
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);

/** With a space before each. Numbers have at most one digit behind the point. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${typeof value === 'number' ? number(value) : textMarkup(value)}"`,
    )
    .join('');
}

const number = (value: number): string => String(Math.round(value * 10) / 10);
