import { useState } from 'react';
import { api, type User } from '../api.ts';
import { Heading } from '../components/Heading.tsx';

interface Props {
  readonly user: User;
  readonly onLogout: () => void;
}

export function Account({ user, onLogout }: Props) {
  const [problem, setProblem] = useState('');
  const logout = async () => {
    setProblem('');
    const result = await api.logout();
    if (result.ok) onLogout();
    else setProblem(result.problem.title);
  };
  return (
    <>
      <Heading>{`${user.name}님, 안녕하세요`}</Heading>
      <dl>
        <div>
          <dt>이름</dt>
          <dd>{user.name}</dd>
        </div>
        <div>
          <dt>이메일</dt>
          <dd>{user.email}</dd>
        </div>
      </dl>
      <div role="alert">{problem !== '' && <p className="problem">{problem}</p>}</div>
      <button type="button" className="secondary" onClick={logout}>
        로그아웃
      </button>
    </>
  );
}
