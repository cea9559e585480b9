/** Journals of chosen hosts, merged: whose, with what text, and what they say. */
import type { State } from '../../../api.ts';
import { labLine, word } from '../../../shell-line.ts';
import { useLive } from '../api/live.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import { useChosen, useMatch } from './address.ts';
import { colourOf } from './hosts.ts';
import { LogLines } from './log-lines.tsx';
import { TEXT } from './text.ts';
import './host-mark.css';
import './logs.css';

export function Logs({
  state,
  usual,
}: {
  readonly state: State;
  readonly usual: readonly string[];
}) {
  const text = useText(TEXT).logs;
  const { live } = useLive();
  const names = state.machines.map(({ name }) => name);
  const [chosen, choose] = useChosen(usual);
  const { typed, settled, type } = useMatch();
  const isOn = (name: string) =>
    live?.machines.some((each) => each.name === name && each.state === 'running') === true;
  const off = live === undefined ? [] : chosen.filter((name) => !isOn(name));
  return (
    <section className="panel logs">
      <div className="row logs-head">
        <h2>{text.title}</h2>
        <label className="field">
          {text.filter}
          <input type="search" value={typed} onChange={({ target }) => type(target.value)} />
        </label>
      </div>
      <fieldset className="log-hosts">
        <legend className="hidden">{text.of}</legend>
        {names.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                choose(
                  names.filter((each) => (each === name ? target.checked : chosen.includes(each))),
                )
              }
            />
            <span className={`host-mark host-${colourOf(names, name)}`}>{name}</span>
          </label>
        ))}
        <button type="button" className="quiet" onClick={() => choose(names)}>
          {text.all}
        </button>
        <button type="button" className="quiet" onClick={() => choose([])}>
          {text.nobody}
        </button>
      </fieldset>
      <LogLines
        key={JSON.stringify([chosen, settled])}
        hosts={chosen.filter(isOn)}
        names={names}
        match={settled}
        nothing={
          chosen.length === 0 ? text.choose : settled === '' ? text.empty : text.noMatch(settled)
        }
        note={off.length === 0 ? '' : text.off(off.join(', '))}
      />
      <CommandLines commands={linesFor(state, chosen, settled)} />
    </section>
  );
}

/** What prints the same; the shell merges it as it comes. */
function linesFor(
  lab: Pick<State, 'lab' | 'service'>,
  hosts: readonly string[],
  match: string,
): readonly string[] {
  const [first, ...others] = hosts;
  if (first === undefined) return [];
  const filter = match === '' ? '' : ` | grep -iF ${word(match)}`;
  if (others.length === 0) return [`${labLine(lab, 'logs', '-f', first)}${filter}`];
  const all = `for host in ${hosts.map(word).join(' ')}; do ${labLine(lab, 'logs', '-f')} "$host" & done; wait`;
  return [filter === '' ? all : `(${all})${filter}`];
}
