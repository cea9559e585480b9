/** The frame: what is always there, and the view that the address names. */
import { lazy, type ReactNode, Suspense } from 'react';
import { useAnswer } from './api/call.ts';
import { useLive } from './api/live.tsx';
import { Link } from './kit/link.tsx';
import { useRoute } from './route.ts';
import { type Texts, useLanguage, useText } from './text.tsx';

const TEXT = {
  en: {
    ...{ map: 'Map', hosts: 'Hosts', ask: 'Ask', matrix: 'Matrix', flow: 'Flow', drill: 'Drill' },
    ...{
      skip: 'To the content',
      views: 'Views',
      other: '한국어',
      nothing: 'There is no such view.',
    },
    lost: 'The lab does not answer: what is shown is old. For a new address: npx onsil console',
    drills: (count: number) => `${count} broken on purpose`,
    phases: { starting: 'starting', ready: 'ready', failed: 'failed', stopping: 'stopping' },
  },
  ko: {
    ...{ map: '지도', hosts: '호스트', ask: '묻기', matrix: '표', flow: '흐름', drill: '훈련' },
    ...{ skip: '본문으로', views: '보기', other: 'English', nothing: '그런 보기가 없습니다.' },
    lost: '실습 환경이 답하지 않아 오래된 내용입니다. 새 주소: npx onsil console',
    drills: (count: number) => `일부러 고장 낸 것 ${count}개`,
    phases: { starting: '시작 중', ready: '준비됨', failed: '실패', stopping: '멈추는 중' },
  },
} satisfies Texts<unknown>;

const MapView = lazy(() => import('./map/map-view.tsx'));
const HostView = lazy(() => import('./host/host-view.tsx'));
const AskView = lazy(() => import('./ask/ask-view.tsx'));
const MatrixView = lazy(() => import('./matrix/matrix-view.tsx'));
const FlowView = lazy(() => import('./flow/flow-view.tsx'));
const DrillView = lazy(() => import('./drill/drill-view.tsx'));

const VIEWS = [
  ['/', 'map'],
  ['/hosts', 'hosts'],
  ['/ask', 'ask'],
  ['/matrix', 'matrix'],
  ['/flow', 'flow'],
  ['/drill', 'drill'],
] as const;

export function App() {
  const text = useText(TEXT);
  const route = useRoute();
  const { isConnected } = useLive();
  return (
    <>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <header className="bar">
        <LabName />
        <nav aria-label={text.views}>
          <ul>
            {VIEWS.map(([path, name]) => {
              const isHere = `/${route.pathname.split('/')[1] ?? ''}` === path;
              return (
                <li key={path}>
                  <Link href={path} aria-current={isHere ? 'page' : undefined}>
                    {text[name]}
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
        <LanguageButton />
      </header>
      {!isConnected && (
        <p role="alert" className="lost">
          {text.lost}
        </p>
      )}
      <main id="content" tabIndex={-1}>
        <Suspense fallback={null}>{viewOf(route, text.nothing)}</Suspense>
      </main>
    </>
  );
}

function viewOf({ pathname }: URL, nothing: string): ReactNode {
  const [, view = '', name] = pathname.split('/');
  switch (view) {
    case '':
      return <MapView />;
    case 'hosts':
      return <HostView name={name === undefined ? undefined : decodeURIComponent(name)} />;
    case 'ask':
      return <AskView />;
    case 'matrix':
      return <MatrixView />;
    case 'flow':
      return <FlowView />;
    case 'drill':
      return <DrillView />;
    default:
      return <p>{nothing}</p>;
  }
}

function LabName() {
  const text = useText(TEXT);
  const { live } = useLive();
  const { data } = useAnswer('GET /api/state', {});
  const phase = live?.phase ?? data?.phase;
  return (
    <p className="lab">
      <strong>{data?.service ?? data?.lab ?? 'onsil'}</strong>
      {phase !== undefined && <span className={`phase phase-${phase}`}>{text.phases[phase]}</span>}
      {live !== undefined && live.drills > 0 && (
        <Link href="/drill" className="drills">
          {text.drills(live.drills)}
        </Link>
      )}
    </p>
  );
}

function LanguageButton() {
  const text = useText(TEXT);
  const [language, setLanguage] = useLanguage();
  const other = language === 'en' ? 'ko' : 'en';
  return (
    <button type="button" className="quiet" lang={other} onClick={() => setLanguage(other)}>
      {text.other}
    </button>
  );
}
