import { useCallback, useEffect, useState } from 'react';
import { isPage, pages } from '../pages.ts';
import { api, type User } from './api.ts';
import { Welcome } from './components/Welcome.tsx';
import { navigate, usePath } from './navigation.ts';
import { Account } from './pages/Account.tsx';
import { Login } from './pages/Login.tsx';
import { NotFound } from './pages/NotFound.tsx';
import { SignUp } from './pages/SignUp.tsx';
import { Unavailable } from './pages/Unavailable.tsx';

type Session =
  | { readonly state: 'asking' }
  | { readonly state: 'nobody' }
  | { readonly state: 'somebody'; readonly user: User }
  | { readonly state: 'unavailable'; readonly reason: string };

export function App() {
  const path = usePath();
  const [session, setSession] = useState<Session>({ state: 'asking' });
  // What came of the last action, for screen readers and everyone else. All of them end at home.
  const [announcement, setAnnouncement] = useState('');

  const ask = useCallback(async () => {
    const result = await api.whoAmI();
    if (result.ok) setSession({ state: 'somebody', user: result.value });
    else if (result.status === 401) setSession({ state: 'nobody' });
    else setSession({ state: 'unavailable', reason: result.problem.title });
  }, []);
  useEffect(() => void ask(), [ask]);

  const enter = (user: User, message: string) => {
    setSession({ state: 'somebody', user });
    setAnnouncement(message);
    navigate(pages.home);
  };
  const leave = () => {
    setSession({ state: 'nobody' });
    setAnnouncement('로그아웃했습니다.');
    navigate(pages.home);
  };

  return (
    <div className="layout">
      <Welcome />
      <main onSubmitCapture={() => setAnnouncement('')}>
        <p className="announcement" role="status">
          {path === pages.home && announcement}
        </p>
        {page()}
      </main>
    </div>
  );

  function page() {
    if (!isPage(path)) return <NotFound />;
    switch (session.state) {
      case 'asking':
        return <p className="quiet">불러오는 중…</p>;
      case 'unavailable':
        return <Unavailable reason={session.reason} onRetry={ask} />;
      case 'somebody':
        return <Account user={session.user} onLogout={leave} />;
      case 'nobody':
        return path === pages.signUp ? (
          <SignUp onDone={(user) => enter(user, '가입을 마치고 로그인했습니다.')} />
        ) : (
          <Login onDone={(user) => enter(user, '로그인했습니다.')} />
        );
    }
  }
}
