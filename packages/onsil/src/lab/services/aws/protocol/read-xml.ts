/** The little of XML that clients send: elements and text, no document type, no mixed content. */
import { unescapeXml } from '../../endpoints/xml.ts';

export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const DEEPEST = 32;
const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** Nothing where it is not such a document. */
export function readXml(document: string): XmlElement | undefined {
  const root = { name: '', text: '', children: [] as Open[] };
  const open: Open[] = [root];
  const text = document.replace(/^\uFEFF/, '').trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    const top = open.at(-1);
    if (token === null || top === undefined) return undefined;
    const [, cdata, end, name, , empty, plain] = token;
    if (cdata !== undefined) top.text += cdata;
    else if (plain !== undefined) top.text += unescapeXml(plain);
    else if (name !== undefined && end === '/') {
      if (open.length < 2 || open.pop()?.name !== withoutPrefix(name)) return undefined;
    } else if (name !== undefined) {
      const made: Open = { name: withoutPrefix(name), text: '', children: [] };
      top.children.push(made);
      if (empty !== '/') open.push(made);
      if (open.length > DEEPEST) return undefined;
    }
  }
  const [only, ...others] = root.children;
  return open.length === 1 && others.length === 0 && root.text.trim() === '' ? only : undefined;
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Open[];
}

const withoutPrefix = (name: string): string => name.replace(/^.*:/, '');
