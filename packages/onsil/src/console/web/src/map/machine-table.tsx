import { memo } from 'react';
import { usdByResource } from '../../../../cost/by-resource.ts';
import { useAnswer } from '../api/call.ts';
import { Link } from '../kit/link.tsx';
import { Scroll } from '../kit/scroll.tsx';
import { hostPath } from '../route.ts';
import { useCell } from './cells.ts';
import { MachineState } from './node-states.tsx';
import { useShared } from './shared.ts';
import { usdText, useMapText } from './text.ts';
import { TrafficCells } from './traffic-cells.tsx';

interface Row {
  readonly name: string;
  readonly address: string;
  /** Of the machines that AWS runs, by which their state is told. */
  readonly managedId?: string;
}

export function MachineTable() {
  const text = useMapText();
  const { data: state } = useAnswer('GET /api/state', {});
  const { data: cost } = useAnswer('GET /api/cost', {});
  const usd = cost?.bill == null ? undefined : usdByResource(cost.bill);
  const rows: readonly Row[] = [
    ...(state?.machines ?? []).map(({ name, privateIp, publicIp }) => ({
      name,
      address: [privateIp, publicIp].filter((each) => each !== null).join(', '),
    })),
    ...(state?.managed ?? []).map(({ id, name, privateIps, publicIps }) => ({
      ...{ name, address: [...privateIps, ...publicIps].join(', '), managedId: id },
    })),
  ];
  return (
    <section className="panel">
      <h2>{text.hosts}</h2>
      <Scroll label={text.hosts}>
        <table className="machines">
          <caption className="hidden">{text.hosts}</caption>
          <thead>
            <tr>
              <th scope="col">{text.table.machine}</th>
              <th scope="col">{text.table.state}</th>
              <th scope="col" className="wide-only">
                {text.table.address}
              </th>
              <th scope="col" className="number">
                {text.table.accepted}
              </th>
              <th scope="col" className="number">
                {text.table.rejected}
              </th>
              <th scope="col" className="number">
                {text.table.price}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <MachineRow key={row.name} {...row} usd={usd?.[row.name]} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {state !== undefined && rows.length === 0 && <p className="dim">{text.table.none}</p>}
    </section>
  );
}

const MachineRow = memo(function MachineRow({
  name,
  address,
  managedId,
  usd,
}: Row & { readonly usd: number | null | undefined }) {
  const { live } = useShared();
  return (
    <tr>
      <th scope="row">
        {managedId === undefined ? <Link href={hostPath(name)}>{name}</Link> : name}
        <small className="mono narrow-only">{address}</small>
      </th>
      <td className="word">
        {managedId === undefined ? <MachineState of={name} /> : <Managed id={managedId} />}
      </td>
      <td className="mono wide-only">{address}</td>
      <TrafficCells cells={live.ends} of={name} />
      <td className="number">{usd == null ? '–' : usdText(usd)}</td>
    </tr>
  );
});

function Managed({ id }: { readonly id: string }) {
  const { live } = useShared();
  const state = useCell(live.managed, id);
  return <span title={state?.reason ?? undefined}>{state?.state ?? '–'}</span>;
}
