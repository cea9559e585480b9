import { pillStyle } from './colours.ts';
import { useShared } from './shared.ts';
import { useMapText } from './text.ts';

/** More are only on the cards that have them. */
const MOST = 12;

export function Legend() {
  const { legend: text, picture } = useMapText();
  const { scene } = useShared();
  const rest = scene.groups.length - MOST;
  return (
    <section className="legend" aria-label={text.title}>
      <ul>
        <Line kind="plain" text={text.arrow} />
        <Line kind="busy" text={text.busy} />
        <Line kind="rejected" text={text.rejected} />
        <li className="dim">{text.help}</li>
      </ul>
      {scene.groups.length > 0 && (
        <ul aria-label={text.groups}>
          <li className="dim">{text.groups}</li>
          {scene.groups.slice(0, MOST).map(({ id, name, colour }) => (
            <li key={id}>
              <span className="pill" style={pillStyle(colour)}>
                {name}
              </span>
            </li>
          ))}
          {rest > 0 && <li className="dim">{picture.more(rest)}</li>}
        </ul>
      )}
      {scene.notes.length > 0 && (
        <ul aria-label={text.notes} className="dim">
          {scene.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ kind, text }: { readonly kind: string; readonly text: string }) {
  return (
    <li>
      <svg className={`sample sample-${kind}`} viewBox="0 0 32 10" aria-hidden="true">
        <path d="M1 5H24" />
        <path d="M31 5L23 1V9Z" />
      </svg>
      {text}
    </li>
  );
}
