/** Who may reach a host and whom it may reach, with the rules that say so. */
import type { Host as Known, Reach, State } from '../../../api.ts';
import { Link } from '../kit/link.tsx';
import { firstOf } from '../kit/services.ts';
import { askPath, hostPath } from '../route.ts';
import { useText } from '../text.tsx';
import { hostsOf } from './hosts.ts';
import { TEXT } from './text.ts';

export function ReachTables({ state, host }: { readonly state: State; readonly host: Known }) {
  const text = useText(TEXT).reach;
  const names = hostsOf(state).map(({ name }) => name);
  return (
    <div className="columns">
      <section className="panel">
        <h2>{text.by}</h2>
        <ReachTable title={text.by} rows={host.reachedBy} peer="from" names={names} />
        {host.reachedBy.length === 0 && <p className="dim">{text.nobody}</p>}
      </section>
      <section className="panel">
        <h2>{text.to}</h2>
        <ReachTable title={text.to} rows={host.reaches} peer="to" names={names} />
        {host.reaches.length === 0 && <p className="dim">{text.nothing}</p>}
      </section>
    </div>
  );
}

interface Table {
  readonly title: string;
  readonly rows: readonly Reach[];
  readonly peer: 'from' | 'to';
  readonly names: readonly string[];
}

function ReachTable({ title, rows, peer, names }: Table) {
  const text = useText(TEXT).reach;
  if (rows.length === 0) return null;
  return (
    <table className="reach-table">
      <caption className="hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{text.peer}</th>
          <th scope="col">{text.services}</th>
          <th scope="col">{text.rules}</th>
          <th scope="col">
            <span className="hidden">{text.ask}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <ReachRow key={`${row[peer]} ${row.family}`} row={row} peer={peer} names={names} />
        ))}
      </tbody>
    </table>
  );
}

function ReachRow({ row, peer, names }: Pick<Table, 'peer' | 'names'> & { readonly row: Reach }) {
  const text = useText(TEXT).reach;
  const { from, to, services, sources, decidedBy } = row;
  const family = row.family === 'ipv6' ? row.family : undefined;
  return (
    <tr>
      <th scope="row">
        {names.includes(row[peer]) ? (
          <Link href={hostPath(row[peer])}>{row[peer]}</Link>
        ) : (
          row[peer]
        )}
        {sources !== undefined && <div className="dim sources">{text.from(sources)}</div>}
      </th>
      <td className="services">{services}</td>
      <td>
        {decidedBy.length === 0 && <span className="dim">{text.noRules}</span>}
        <ul>
          {decidedBy.map((rule) => (
            <RuleLine key={rule} rule={rule} />
          ))}
        </ul>
      </td>
      <td>
        <Link href={askPath({ from, to, ...firstOf(services), family })}>
          {text.ask} <span className="hidden">{text.question(from, to)}</span>
        </Link>
      </td>
    </tr>
  );
}

/** Where it is, and what it says: `security group in   database: tcp 3306 from app`. */
function RuleLine({ rule }: { readonly rule: string }) {
  const [where = '', ...what] = rule.split(/ {2,}/);
  return (
    <li>
      <span className="dim">{where}</span> {what.join(' ')}
    </li>
  );
}
