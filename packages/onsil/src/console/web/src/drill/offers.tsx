import { useState } from 'react';
import type { DrillRequest, DrillState } from '../../../api.ts';
import { useAnswer } from '../api/call.ts';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import { isFound } from './search.ts';
import { TEXT } from './text.ts';

type Offer = DrillState['offers'][number];

const KINDS = ['stop', 'cut-route', 'revoke-rule'] as const;

interface Choice {
  /** The one that is on its way. */
  readonly running: DrillRequest | undefined;
  readonly isBusy: boolean;
  readonly begin: (request: DrillRequest) => void;
}

/** Everything that can be broken, by kind, as far as it is searched for. */
export function Offers({ offers, ...choice }: Choice & { readonly offers: readonly Offer[] }) {
  const text = useText(TEXT);
  const [words, setWords] = useState('');
  // Rules are many: they are found by their words.
  const [closed, setClosed] = useState<readonly string[]>(['revoke-rule']);
  const isSearched = words.trim() !== '';
  const { data: state } = useAnswer('GET /api/state', {});
  const purposes = new Map(state?.machines.map(({ name, purpose }) => [name, purpose]));
  return (
    <section className="drill-offers" aria-labelledby="drill-offers">
      <div className="heading">
        <h2 id="drill-offers">{text.offers}</h2>
        <label className="field">
          <span className="hidden">{text.search}</span>
          <input
            type="search"
            placeholder={`${text.search}: ${text.hint}`}
            value={words}
            onChange={({ target }) => setWords(target.value)}
          />
        </label>
      </div>
      {KINDS.map((kind) => {
        const all = offers.filter(({ request }) => request.kind === kind);
        const found = all.filter((each) => isFound(words, each.text));
        return (
          <details
            key={kind}
            className={`panel ${kind}`}
            open={isSearched || !closed.includes(kind)}
            onToggle={({ currentTarget: { open } }) => {
              if (isSearched) return;
              const others = closed.filter((each) => each !== kind);
              setClosed(open ? others : [...others, kind]);
            }}
          >
            <summary>
              {text.groups[kind]}{' '}
              <span className="dim">{text.found(found.length, all.length)}</span>
            </summary>
            {kind === 'revoke-rule' && <p className="dim hint">{text.tracked}</p>}
            {found.length === 0 && <p className="dim">{text.nothingFound}</p>}
            <ul>
              {found.map((offer) => (
                <OfferRow key={offer.text} offer={offer} {...choice} purposes={purposes} />
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

function OfferRow({
  offer: { request, text: sentence, commands },
  purposes,
  running,
  isBusy,
  begin,
}: Choice & { readonly offer: Offer; readonly purposes: ReadonlyMap<string, string> }) {
  const text = useText(TEXT);
  const isRunning = running !== undefined && JSON.stringify(running) === JSON.stringify(request);
  const label = {
    stop: () => (request.kind === 'stop' ? text.verbs.stop(request.host) : ''),
    'cut-route': () => text.verbs['cut-route'](),
    'revoke-rule': () => text.verbs['revoke-rule'](),
  };
  return (
    <li>
      {request.kind === 'stop' ? (
        <p>
          <strong>{request.host}</strong> {purposes.get(request.host)}
        </p>
      ) : (
        <p>{sentence}</p>
      )}
      <CommandLines commands={commands} />
      <button type="button" className="danger" disabled={isBusy} onClick={() => begin(request)}>
        {isRunning ? text.busy : label[request.kind]()}
        <span className="hidden">: {sentence}</span>
      </button>
    </li>
  );
}
