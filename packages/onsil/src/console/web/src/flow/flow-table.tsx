import { memo } from 'react';
import { Link } from '../kit/link.tsx';
import { askPath, hostPath } from '../route.ts';
import { useText } from '../text.tsx';
import { type Connection, isConnection, questionOf, type Reason, type Row } from './rows.ts';
import { TEXT } from './text.ts';

const COLUMNS = ['time', 'result', 'pair', 'service', 'count', 'bytes', 'because'] as const;

/** Fixed columns: what comes moves nothing sideways. */
export function FlowTable({
  rows,
  names,
  isFiltered,
}: {
  readonly rows: readonly Row[];
  /** Of machines: these have a view of their own. */
  readonly names: ReadonlySet<string>;
  /** Whether something has happened that is not shown. */
  readonly isFiltered: boolean;
}) {
  const text = useText(TEXT);
  return (
    <table className="flow">
      <caption className="hidden">{text.caption}</caption>
      <thead>
        <tr>
          {COLUMNS.map((each) => (
            <th key={each} scope="col" className={each}>
              {text[each]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 && (
          <tr className="remark">
            <td colSpan={COLUMNS.length}>
              {isFiltered ? text.emptyOnly : text.empty} <span className="dim">{text.hint}</span>
            </td>
          </tr>
        )}
        {rows.map((row) =>
          isConnection(row) ? (
            <ConnectionRow
              key={row.key}
              of={row}
              isFromMachine={names.has(row.from)}
              isToMachine={names.has(row.to)}
            />
          ) : (
            <tr key={row.key} className="remark">
              <td colSpan={COLUMNS.length}>
                {row.kind === 'lost' ? text.lost(row.lost) : row.end}
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

const ConnectionRow = memo(function ConnectionRow({
  of,
  isFromMachine,
  isToMachine,
}: {
  readonly of: Connection;
  readonly isFromMachine: boolean;
  readonly isToMachine: boolean;
}) {
  const text = useText(TEXT);
  const { kind, at, from, to, service, count, bytes } = of;
  const question = kind === 'rejected' ? questionOf(of) : undefined;
  return (
    <tr className={kind}>
      <td className="time">{new Date(at).toTimeString().slice(0, 8)}</td>
      <td className="result">{text[kind]}</td>
      <td className="pair">
        <End name={from} isMachine={isFromMachine} /> → <End name={to} isMachine={isToMachine} />
      </td>
      <td className="service">{service}</td>
      <td className="count">{count > 1 && `×${count}`}</td>
      <td className="bytes">{bytes}</td>
      <td className="because">
        {question !== undefined && (
          <Link className="why" href={askPath(question)}>
            {text.why}
            <span className="hidden">{text.whyOf(`${from} → ${to} ${service}`)}</span>
          </Link>
        )}
        <Reasons of={of} />
      </td>
    </tr>
  );
});

function End({ name, isMachine }: { readonly name: string; readonly isMachine: boolean }) {
  return isMachine ? <Link href={hostPath(name)}>{name}</Link> : <span>{name}</span>;
}

function Reasons({ of: { passed, refused } }: { readonly of: Connection }) {
  const text = useText(TEXT);
  const lines = (all: readonly Reason[]) => all.map((each) => <li key={each.text}>{each.text}</li>);
  if (refused.length === 0) return <ul>{lines(passed)}</ul>;
  return (
    <ul>
      {lines(refused)}
      {passed.length > 0 && (
        <li className="dim">
          {text.after} {passed.map((each) => each.text).join('; ')}
        </li>
      )}
    </ul>
  );
}
