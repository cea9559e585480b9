/** A tree of elements: an array repeats its element. */
export interface Elements {
  readonly [name: string]: string | number | boolean | Elements | readonly Elements[] | undefined;
}

/** An XML document with one root. */
export function xmlDocument(root: string, elements: Elements, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${render(elements)}</${root}>`;
}

function render(elements: Elements): string {
  return Object.entries(elements)
    .map(([name, value]) => {
      if (value === undefined) return '';
      const many: readonly (string | number | boolean | Elements)[] = isArray(value)
        ? value
        : [value];
      return many
        .map(
          (one) =>
            `<${name}>${typeof one === 'object' ? render(one) : escapeXml(String(one))}</${name}>`,
        )
        .join('');
    })
    .join('');
}

function isArray(value: unknown): value is readonly Elements[] {
  return Array.isArray(value);
}

/** Characters that XML 1.0 cannot hold become U+FFFD; S3 clients ask for url encoding instead. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
    .replaceAll(NOT_XML, '\uFFFD');
}

const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

export function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    amp: '&',
  };
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|quot|apos|amp));/gi,
    (whole, decimal, hex, name) => {
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
