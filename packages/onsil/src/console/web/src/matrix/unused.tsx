import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { Answered } from '../kit/answered.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { keyed } from '../kit/keyed.ts';
import { Scroll } from '../kit/scroll.tsx';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

/** Packets change it all the time: it is read anew with each visit, and on demand. */
export function UnusedRules() {
  const text = useText(TEXT);
  const route = 'GET /api/unused';
  const answer = useQuery({ queryKey: [route, {}], queryFn: () => call(route, {}), staleTime: 0 });
  return (
    <section>
      <h2>{text.unused}</h2>
      <Answered of={answer}>
        {({ unused, inForce, commands }) => (
          <>
            <p className="dim" role="status">
              {unused.length === 0
                ? text.noUnused
                : text.unusedOf(unused.filter((each) => each.inForce).length, inForce)}
            </p>
            {unused.length > 0 && (
              <Scroll label={text.unused} className="matrix-tall">
                <table className="matrix-table">
                  <caption className="hidden">{text.unused}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{text.of}</th>
                      <th scope="col">{text.rule}</th>
                      <th scope="col">{text.state}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {keyed(unused).map(([key, each]) => (
                      <tr key={key}>
                        <th scope="row">{each.of}</th>
                        <td className="mono">{each.text}</td>
                        <td>{each.inForce ? text.inForce : text.notInForce}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
            )}
            {unused.some((each) => !each.inForce) && <p className="dim">{text.force}</p>}
            <button
              type="button"
              disabled={answer.isFetching}
              onClick={() => void answer.refetch()}
            >
              {text.again}
            </button>
            <CommandLines commands={commands} />
          </>
        )}
      </Answered>
    </section>
  );
}
