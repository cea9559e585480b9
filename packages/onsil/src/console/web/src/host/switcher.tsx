/** From one host to another: a list at the side, and on narrow screens a choice. */
import { Link } from '../kit/link.tsx';
import { go, hostPath } from '../route.ts';
import { useText } from '../text.tsx';
import { HostState } from './host-state.tsx';
import type { Host } from './hosts.ts';
import { TEXT } from './text.ts';

const KINDS = [
  ['machine', 'machines'],
  ['managed', 'managed'],
  ['outside', 'outside'],
] as const;

export function Switcher({
  hosts,
  name,
}: {
  readonly hosts: readonly Host[];
  readonly name: string;
}) {
  const text = useText(TEXT);
  const kinds = KINDS.map(
    ([kind, title]) => [text[title], hosts.filter((host) => host.kind === kind)] as const,
  ).filter(([, members]) => members.length > 0);
  return (
    <>
      <label className="field host-choice">
        {text.host}
        <select value={name} onChange={({ target }) => go(hostPath(target.value))}>
          {kinds.map(([title, members]) => (
            <optgroup key={title} label={title}>
              {members.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <nav className="host-side" aria-label={text.hosts}>
        {kinds.map(([title, members]) => (
          <section key={title}>
            <h2>{title}</h2>
            <ul>
              {members.map((host) => (
                <li key={host.name}>
                  <Link
                    href={hostPath(host.name)}
                    aria-current={host.name === name ? 'page' : undefined}
                  >
                    <span>{host.name}</span>
                    <HostState host={host} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
    </>
  );
}
