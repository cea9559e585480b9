import { useAnswer } from '../api/call.ts';
import { useLive } from '../api/live.tsx';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

/** What the site answers, second by second. */
export function SiteState() {
  const text = useText(TEXT).site;
  const { data: state } = useAnswer('GET /api/state', {});
  const site = useLive().live?.site;
  const hasNone = state !== undefined && state.site === null && site === null;
  const said = { none: text.none, asking: text.asking };
  const known = site ?? undefined;
  return (
    <section className="panel drill-site" aria-label={text.title}>
      <p className="dim">
        {text.title}
        {state !== undefined && state.site !== null && (
          <a href={state.site} target="_blank" rel="noreferrer">
            {text.open}
          </a>
        )}
      </p>
      <p
        aria-live="polite"
        className={known === undefined ? 'answer dim' : `answer ${known.answers ? 'good' : 'bad'}`}
      >
        {known === undefined
          ? said[hasNone ? 'none' : 'asking']
          : text[known.answers ? 'good' : 'bad'](known.text)}
      </p>
      <p className="mono dim url">{known?.url}</p>
    </section>
  );
}
