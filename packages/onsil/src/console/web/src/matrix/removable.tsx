import type { Policies } from '../../../api.ts';
import { keyed } from '../kit/keyed.ts';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

type Rules = NonNullable<Policies['removable']>;

/** Rules that can go, each with its proof. */
export function Removable({ removable }: Pick<Policies, 'removable'>) {
  const text = useText(TEXT);
  if (removable === null) return <p className="dim">{text.unproved}</p>;
  const { needless, unwanted } = removable;
  if (needless.length + unwanted.length === 0) return <p className="dim">{text.noRemovable}</p>;
  return (
    <>
      <Kind title={text.needless} rules={needless} />
      <Kind title={text.unwanted} rules={unwanted} />
    </>
  );
}

function Kind({ title, rules }: { readonly title: string; readonly rules: Rules['needless'] }) {
  if (rules.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="matrix-rules">
        {keyed(rules).map(([key, { text, proof }]) => (
          <li key={key}>
            <details>
              <summary className="mono">{text}</summary>
              {proof.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
