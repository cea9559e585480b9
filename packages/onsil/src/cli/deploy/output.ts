/** What a deploy says: text for people, lines of JSON for programs. */
import { style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';

export interface Output {
  say(text: string): void;
  section(title: string, lines: readonly string[], json: object): void;
  end(outcome: string, outputs: Readonly<Record<string, string>>, seconds: number): void;
}

/** Text for people; for programs one line of JSON for each section. */
export function outputOf({ json }: { readonly json?: boolean }): Output {
  if (json === true) {
    return {
      say: () => {},
      section: (_title, _lines, value) => console.log(JSON.stringify(value)),
      end: (outcome, outputs, seconds) =>
        console.log(JSON.stringify({ outcome, outputs, seconds })),
    };
  }
  return {
    say: (text) => console.log(text),
    section: (title, lines) => {
      console.log(`\n${style(process.stdout, 'bold', title)}`);
      for (const line of lines) console.log(line);
    },
    end: (outcome, outputs, seconds) => {
      const width = Math.max(...Object.keys(outputs).map(({ length }) => length), 0);
      console.log(`\n${style(process.stdout, 'bold', outcome)} in ${seconds.toFixed(0)} s`);
      for (const [name, value] of Object.entries(outputs)) {
        for (const line of wrap(`  ${name.padEnd(width)}  ${value}`, 80, ' '.repeat(width + 4))) {
          console.log(line);
        }
      }
    },
  };
}
