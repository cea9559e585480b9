import type { Calls } from '../../../api.ts';
import { useAnswer } from '../api/call.ts';
import { Answered } from '../kit/answered.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { Sheet } from './sheet.tsx';
import { usdText, useMapText } from './text.ts';

type Cost = Calls['GET /api/cost']['answer'];
type Priced = NonNullable<Cost['bill']>;

/** Line by line: what `onsil cost` reckons. */
export default function BillPanel({ close }: { readonly close: () => void }) {
  const text = useMapText().bill;
  const cost = useAnswer('GET /api/cost', {});
  return (
    <Sheet title={text.title} close={close}>
      <Answered of={cost}>
        {({ bill, assumptions, commands }) => (
          <>
            {bill === null ? <p>{text.none}</p> : <Lines bill={bill} />}
            {bill !== null && bill.unknown.length > 0 && <Unknown of={bill.unknown} />}
            <h3>{text.assumptions}</h3>
            <ul className="plain">
              {assumptions.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
            <CommandLines commands={commands} />
          </>
        )}
      </Answered>
    </Sheet>
  );
}

function Lines({ bill }: { readonly bill: Priced }) {
  const text = useMapText().bill;
  return (
    <>
      <p className="dim">
        {text.ofRegion(bill.region)}
        {bill.pricesSince !== null && `; ${text.since(bill.pricesSince)}`}
      </p>
      <table>
        <caption className="hidden">{text.title}</caption>
        <thead>
          <tr>
            <th scope="col">{text.resource}</th>
            <th scope="col">{text.what}</th>
            <th scope="col" className="number">
              {text.sum}
            </th>
            <th scope="col" className="number">
              {text.usd}
            </th>
          </tr>
        </thead>
        <tbody>
          {bill.lines.map(({ resource, what, quantity, unit, unitUsd, usd, date }, index) => (
            <tr key={`${resource} ${what}`} title={date}>
              <th scope="row">
                {resource === bill.lines[index - 1]?.resource ? (
                  <span className="hidden">{resource}</span>
                ) : (
                  resource
                )}
              </th>
              <td>{what}</td>
              <td className="number">
                {Number(quantity.toFixed(4))} × ${unitUsd} / {unit}
              </td>
              <td className="number">{usd.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              {text.total}
            </th>
            <td className="number">
              <strong>{usdText(bill.total)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function Unknown({ of }: { readonly of: Priced['unknown'] }) {
  const text = useMapText().bill;
  return (
    <table>
      <caption>{text.unknown}</caption>
      <thead>
        <tr>
          <th scope="col">{text.resource}</th>
          <th scope="col">{text.what}</th>
          <th scope="col">{text.why}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ resource, what, why }) => (
          <tr key={`${resource} ${what}`}>
            <th scope="row">{resource}</th>
            <td>{what}</td>
            <td>{why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
