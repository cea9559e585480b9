/** The block that ends `up` and that `status` prints again. */
import type { LabStatus } from '../../lab/daemon/status.ts';
import { renderTable } from './table.ts';
import { wrap } from './wrap.ts';

export interface BannerText {
  readonly heading: string;
  readonly lines: readonly string[];
}

const MANAGED = [
  { title: 'run by AWS' },
  { title: 'type' },
  { title: 'addresses', elastic: true },
  { title: 'state' },
  { title: '', elastic: true },
];

/** What a person needs next: the site, the machines, how to ssh, how to stop. */
export function banner(status: LabStatus, version: string): BannerText {
  const when =
    status.phase === 'ready' ? `ready in ${status.seconds.toFixed(1)} s` : `${status.phase}`;
  const rows = status.instances.map((instance) => [
    instance.name,
    instance.privateIp,
    instance.publicIp ?? '-',
    instance.subnet,
    instance.setup === 'failed' ? 'failed' : instance.state,
    instance.purpose,
  ]);
  const columns = [
    { title: 'name' },
    { title: 'private IP' },
    { title: 'public IP' },
    { title: 'subnet', elastic: true },
    { title: 'state' },
    { title: 'what it is for', elastic: true },
  ];
  // The lab of this folder's configuration need not be named.
  const named = status.service === status.lab ? '' : ` --lab ${status.lab}`;
  const first = status.instances.find((instance) => instance.publicIp === null)?.name;
  const failures = status.instances.flatMap(({ name, reason }) =>
    reason === null ? [] : wrap(`The set-up of ${name} failed: ${reason}`, 76),
  );
  const managed = status.managed.map((each) => [
    each.name,
    each.type,
    [...each.privateIps, ...each.publicIps].join(' '),
    each.state,
    each.detail ?? '',
  ]);
  const broken = status.managed.flatMap(({ name, reason }) =>
    reason === null ? [] : wrap(`${name} does not run: ${reason}`, 76),
  );
  return {
    heading: `ONSIL ${version}  ${status.lab}  ${when}`,
    lines: [
      ...(status.site === null ? [] : [`➜ Site    ${status.site}`]),
      `➜ ssh     npx onsil ssh${named} ${first ?? status.instances[0]?.name ?? '<instance>'}`,
      ...(status.console ? [`➜ Console npx onsil console${named}`] : []),
      `➜ Stop    npx onsil down${named}`,
      '',
      ...renderTable(columns, rows, 78),
      ...(managed.length === 0 ? [] : ['', ...renderTable(MANAGED, managed, 78)]),
      ...(failures.length === 0 ? [] : ['', ...failures]),
      ...(broken.length === 0 ? [] : ['', ...broken]),
    ],
  };
}
