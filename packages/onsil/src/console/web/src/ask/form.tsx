import { type FormEvent, useState } from 'react';
import { useAnswer } from '../api/call.ts';
import { useText } from '../text.tsx';
import type { Fields } from './question.ts';
import { TEXT } from './text.ts';

interface Given {
  /** What the address says: followed when it changes. */
  readonly asked: Fields;
  /** What is wrong with it; kept beside the fields. */
  readonly failure: string | undefined;
  readonly ask: (fields: Fields) => void;
}

export function QuestionForm({ asked, failure, ask }: Given) {
  const text = useText(TEXT);
  const { data: matrix } = useAnswer('GET /api/matrix', {});
  const [fields, setFields] = useFields(asked);
  const set = (change: Partial<Fields>) => setFields({ ...fields, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(fields);
  };
  const swap = () => {
    const swapped = { ...fields, from: fields.to, to: fields.from };
    setFields(swapped);
    if (swapped.from !== '' && swapped.to !== '') ask(swapped);
  };
  const described = failure === undefined ? {} : { 'aria-describedby': 'ask-failure' };
  const end = (name: 'from' | 'to') => (
    <label className={`field ask-${name}`}>
      {text[name]}
      <input
        {...{ name, list: 'ask-ends', required: true, autoComplete: 'off', spellCheck: false }}
        {...described}
        placeholder={text.ends}
        value={fields[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </label>
  );
  const isNumber = /^\s*\d+\s*$/.test(fields.port);
  return (
    <form className="panel ask-form" onSubmit={submit}>
      <div className="ask-fields">
        {end('from')}
        <button
          type="button"
          className="ask-swap"
          aria-label={text.swap}
          title={text.swap}
          onClick={swap}
        >
          ⇄
        </button>
        {end('to')}
        <label className="field ask-port">
          {text.port}
          <input
            {...{ name: 'port', list: 'ask-ports', autoComplete: 'off' }}
            {...described}
            placeholder={text.ports}
            value={fields.port}
            onChange={({ target }) => set({ port: target.value })}
          />
        </label>
        <label className="field">
          {text.protocol}
          <select
            name="protocol"
            disabled={!isNumber}
            value={fields.protocol}
            onChange={({ target }) => set({ protocol: target.value === 'udp' ? 'udp' : 'tcp' })}
          >
            <option>tcp</option>
            <option>udp</option>
          </select>
        </label>
        {(asked.isIpv6 || matrix?.rows.some(({ family }) => family === 'ipv6') === true) && (
          <label className="ask-ipv6">
            <input
              type="checkbox"
              checked={fields.isIpv6}
              onChange={({ target }) => set({ isIpv6: target.checked })}
            />
            {text.ipv6}
          </label>
        )}
        <button type="submit" className="primary">
          {text.ask}
        </button>
      </div>
      <div className="ask-notes">
        <p id="ask-failure" role="alert" className="failure">
          {failure}
        </p>
        {failure === undefined && <p className="dim">{text.hint}</p>}
      </div>
      <datalist id="ask-ends">
        {matrix?.names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id="ask-ports">
        {['ping', '22', '53', '80', '443', '3306'].map((port) => (
          <option key={port} value={port} />
        ))}
      </datalist>
    </form>
  );
}

/** What is typed, until the address says something else. */
function useFields(asked: Fields) {
  const key = JSON.stringify(asked);
  const [typed, setTyped] = useState({ key, fields: asked });
  if (typed.key !== key) setTyped({ key, fields: asked });
  const setFields = (fields: Fields) => setTyped({ key, fields });
  return [typed.key === key ? typed.fields : asked, setFields] as const;
}
