/** Security groups as tables: source, port, why, and what each rule took. */
import type { Group, GroupRule, State } from '../../../api.ts';
import { Link } from '../kit/link.tsx';
import { hostPath } from '../route.ts';
import { useText } from '../text.tsx';
import { hostsOf } from './hosts.ts';
import { useRuleCounts } from './rule-counts.ts';
import { TEXT } from './text.ts';

const DIRECTIONS = ['ingress', 'egress'] as const;

export function Groups({
  state,
  groups,
}: {
  readonly state: State;
  readonly groups: readonly Group[];
}) {
  const text = useText(TEXT).groups;
  const counts = useRuleCounts();
  return (
    <section>
      <h2>{text.title}</h2>
      <p className="dim">{groups.length === 0 ? text.noGroups : text.hint}</p>
      {groups.map((group) => (
        <section key={group.id} className="panel host-group">
          <h3>
            {group.name} <code className="dim">{group.id}</code>
          </h3>
          <p className="dim">{group.description}</p>
          <div className="columns">
            {DIRECTIONS.map((direction) => (
              <Rules
                key={direction}
                {...{ state, direction, counts }}
                name={group.name}
                rules={group[direction]}
              />
            ))}
          </div>
        </section>
      ))}
    </section>
  );
}

interface Table {
  readonly state: State;
  readonly name: string;
  readonly direction: (typeof DIRECTIONS)[number];
  readonly rules: readonly GroupRule[];
  readonly counts: ReadonlyMap<string, number>;
}

function Rules({ state, name, direction, rules, counts }: Table) {
  const text = useText(TEXT).groups;
  return (
    <div>
      <h4>{text[direction]}</h4>
      {rules.length === 0 ? (
        <p className="dim">{text.none}</p>
      ) : (
        <table className="rule-table">
          <caption className="hidden">{text.caption(text[direction], name)}</caption>
          <thead>
            <tr>
              <th scope="col">{direction === 'ingress' ? text.source : text.destination}</th>
              <th scope="col">{text.port}</th>
              <th scope="col">{text.why}</th>
              <th scope="col" className="number packets">
                {text.packets}
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.id}>
                <th scope="row">
                  <Peer state={state} rule={rule} />
                </th>
                <td className="mono">{rule.service}</td>
                <td>{rule.why}</td>
                <td className="number packets">{counts.get(rule.id) ?? 0}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** A block as it is; a group with links to who carries it. */
function Peer({ state, rule }: { readonly state: State; readonly rule: GroupRule }) {
  const text = useText(TEXT).groups;
  const group = state.groups.find(({ id }) => id === rule.peerGroupId);
  if (group === undefined) return <span className="mono">{rule.peer}</span>;
  const names = hostsOf(state).map(({ name }) => name);
  const [only, ...others] = group.members;
  if (only === rule.peer && others.length === 0 && names.includes(only)) {
    return <Link href={hostPath(only)}>{only}</Link>;
  }
  return (
    <>
      {rule.peer}
      <div className="carriers">
        <span className="hidden">{text.carriedBy} </span>
        {group.members.length === 0 && <span className="dim">{text.nobody}</span>}
        {group.members.map((member) =>
          names.includes(member) ? (
            <Link key={member} href={hostPath(member)}>
              {member}
            </Link>
          ) : (
            <span key={member}>{member}</span>
          ),
        )}
      </div>
    </>
  );
}
