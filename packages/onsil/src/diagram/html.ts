/** A scene as one HTML page: the picture with its paths to choose from, and all of it as a table. */
import type { Path, Scene } from './scene.ts';
import { textMarkup } from './svg/markup.ts';
import { type SvgOptions, svgOf } from './svg.ts';

const WORDS: Readonly<Record<Path | 'all', string>> = {
  ...{ all: 'Everything', request: 'Requests', admin: 'Administration', outbound: 'Outbound' },
};

/** No script and nothing fetched: the choice is made of radio buttons and a style sheet. */
export function htmlOf(scene: Scene, { theme = 'auto', highlight }: SvgOptions = {}): string {
  const choices = ['all' as const, ...scene.paths];
  const first = highlight ?? 'all';
  const buttons = choices.map(
    (each) =>
      `<label><input type="radio" name="path" value="${each}"${each === first ? ' checked' : ''}> ${WORDS[each]}</label>`,
  );
  const pictures = choices.map(
    (each) =>
      `<div class="picture ${each}" tabindex="0" role="region" aria-label="${WORDS[each]}">${svgOf(scene, { theme, ...(each === 'all' ? {} : { highlight: each }) })}</div>`,
  );
  const rows = scene.arrows.flatMap(({ pairs, services }) =>
    pairs.map(
      ({ from, to }) =>
        `<tr><td>${textMarkup(from)}</td><td>${textMarkup(to)}</td><td>${textMarkup(services)}</td></tr>`,
    ),
  );
  const notes = scene.notes.map((note) => `<p>${textMarkup(note)}</p>`);
  const title = textMarkup(scene.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${styleOf(choices, theme)}</style>
</head>
<body>
<h1>${title}</h1>
<fieldset><legend>Show</legend>${buttons.join('\n')}</fieldset>
${pictures.join('\n')}
${notes.join('\n')}
<details><summary>Who reaches whom: ${rows.length} pairs</summary>
<table><thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">on</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></details>
</body>
</html>
`;
}

function styleOf(choices: readonly string[], theme: string): string {
  const scheme = theme === 'auto' ? 'light dark' : theme;
  return [
    `:root{color-scheme:${scheme};font:14px/1.5 Arial,Helvetica,sans-serif}`,
    'body{margin:16px}h1{font-size:20px}fieldset{border:0;padding:0;margin:0 0 12px}',
    'legend{float:left;margin-right:12px}label{margin-right:14px;white-space:nowrap}',
    '.picture{display:none;overflow-x:auto}.picture svg{max-width:100%;min-width:640px;height:auto}',
    ...choices.map((each) => `body:has([value=${each}]:checked) .picture.${each}{display:block}`),
    'table{border-collapse:collapse;margin-top:8px}th,td{text-align:left;padding:3px 18px 3px 0}',
  ].join('\n');
}
