import type { NodeKind, Path } from '../../../../diagram/scene.ts';
import { type Texts, useText } from '../text.tsx';

const KINDS_EN: Readonly<Record<NodeKind, string>> = {
  ...{ internet: 'the Internet', admin: 'the administrator', outside: 'outside party' },
  ...{ instance: 'instance', 'nat-instance': 'NAT instance', 'load-balancer': 'load balancer' },
  ...{ database: 'database', 'network-interface': 'network interface', service: 'AWS service' },
  ...{ 'internet-gateway': 'Internet gateway', 'nat-gateway': 'NAT gateway' },
  'peering-connection': 'peering connection',
};
const KINDS_KO: Readonly<Record<NodeKind, string>> = {
  ...{ internet: '인터넷', admin: '관리자', outside: '외부 상대' },
  ...{ instance: '인스턴스', 'nat-instance': 'NAT 인스턴스', 'load-balancer': '로드 밸런서' },
  ...{ database: '데이터베이스', 'network-interface': '네트워크 인터페이스' },
  ...{ service: 'AWS 서비스', 'internet-gateway': '인터넷 게이트웨이' },
  ...{ 'nat-gateway': 'NAT 게이트웨이', 'peering-connection': '피어링 연결' },
};
const PATHS_EN: Readonly<Record<Path, string>> = {
  ...{ request: 'Request', admin: 'Admin', outbound: 'Outbound' },
};
const PATHS_KO: Readonly<Record<Path, string>> = {
  ...{ request: '요청', admin: '관리', outbound: '나가는 길' },
};

const en = {
  ...{ title: 'Map', close: 'Close', hosts: 'Machines', arrows: 'Arrows' },
  ...{ kinds: KINDS_EN, paths: PATHS_EN, path: 'Highlight', whole: 'All' },
  vitals: {
    ...{ title: 'The lab now', requests: 'requests/s', rejected: 'rejected/s', site: 'site' },
    ...{ machines: 'machines running', answers: 'answers', none: 'none', unknown: '–' },
    lab: 'lab',
    phases: {
      starting: () => 'starting',
      ready: (seconds: number) => `ready in ${seconds.toFixed(1)} s`,
      failed: (seconds: number) => `failed after ${seconds.toFixed(1)} s`,
      stopping: () => 'stopping',
    },
    incomplete: 'Packets come faster than they can be told: numbers on arrows are too small.',
  },
  picture: {
    region: 'Picture. Plus and minus zoom, 0 fits, arrow keys move it.',
    arrows: 'Arrows: move with the arrow keys, Enter shows what is behind one',
    ...{ zoom: 'Zoom', in: 'Zoom in', out: 'Zoom out', fit: 'Show all' },
    reachedBy: (who: string) => `reached by ${who}`,
    ...{ nobody: 'nobody', groups: 'groups' },
    more: (count: number) => `and ${count} more`,
    month: (usd: string) => `${usd}/month`,
    unpriced: 'price unknown',
  },
  live: {
    accepted: (count: number) => `${count}/s`,
    rejected: (count: number) => `${count} rejected`,
    crossed: (count: number) => `✕${count}`,
    stray: (from: string, to: string) => `rejected: ${from} to ${to}`,
    odd: (from: string, to: string) => `without an arrow: ${from} to ${to}`,
  },
  legend: {
    ...{ title: 'Legend', busy: 'connections in this second', rejected: '✕ rejected' },
    ...{ arrow: 'may connect', groups: 'Security groups', notes: 'Not drawn' },
    help: 'Drag to move, Ctrl and wheel to zoom',
  },
  table: {
    ...{ show: 'Table', machine: 'Machine', state: 'State', address: 'Address', price: 'a month' },
    ...{ accepted: 'accepted\u200b/s', rejected: 'rejected\u200b/s', from: 'From', to: 'To' },
    ...{ services: 'Services', total: 'since opened', ask: 'Ask', unknown: 'not known' },
    ...{ none: 'Nothing here.', sources: (text: string) => `from ${text}` },
    totals: (accepted: number, rejected: number) => `${accepted} accepted, ${rejected} rejected`,
    all: (count: number) => `Show all ${count}`,
    onPath: (path: string) => `Those of the path “${path}”`,
  },
  details: {
    ...{ pairs: 'Who connects to whom', reachedBy: 'Reached by', reaches: 'Reaches' },
    ...{ machines: 'Machines', nobody: 'Nobody.', nothing: 'Nothing.', ask: 'Ask why' },
  },
  bill: {
    ...{ month: 'a month', title: 'The bill', open: 'Show the bill', resource: 'Resource' },
    ...{ what: 'What', sum: 'Quantity × price', usd: '$ a month', total: 'Total' },
    ...{ unknown: 'Not known', why: 'Why', assumptions: 'Assumed', none: 'not priced' },
    since: (date: string) => `prices of ${date} or later`,
    missing: (count: number) => (count === 0 ? 'nothing unknown' : `${count} unknown`),
    ofRegion: (region: string) => `On demand in ${region}, before tax`,
  },
};

const ko: typeof en = {
  ...{ title: '지도', close: '닫기', hosts: '머신', arrows: '화살표' },
  ...{ kinds: KINDS_KO, paths: PATHS_KO, path: '강조', whole: '전체' },
  vitals: {
    ...{ title: '실습 환경의 지금', requests: '요청/초', rejected: '거부/초', site: '사이트' },
    ...{ machines: '실행 중인 머신', answers: '응답함', none: '없음', unknown: '–' },
    lab: '환경',
    phases: {
      starting: () => '시작 중',
      ready: (seconds) => `${seconds.toFixed(1)}초 만에 준비됨`,
      failed: (seconds) => `${seconds.toFixed(1)}초 뒤 실패`,
      stopping: () => '멈추는 중',
    },
    incomplete: '패킷이 너무 빨라 다 세지 못합니다. 화살표의 수는 실제보다 작습니다.',
  },
  picture: {
    region: '그림. 더하기와 빼기로 확대·축소, 0은 전체 보기, 화살표 키로 이동합니다.',
    arrows: '화살표 목록: 화살표 키로 옮기고 Enter로 자세히 봅니다',
    ...{ zoom: '확대와 축소', in: '확대', out: '축소', fit: '전체 보기' },
    reachedBy: (who) => `접근 가능: ${who}`,
    ...{ nobody: '없음', groups: '그룹' },
    more: (count) => `외 ${count}개`,
    month: (usd) => `${usd}/월`,
    unpriced: '요금 모름',
  },
  live: {
    accepted: (count) => `${count}/초`,
    rejected: (count) => `거부 ${count}`,
    crossed: (count) => `✕${count}`,
    stray: (from, to) => `거부됨: ${from}에서 ${to}로`,
    odd: (from, to) => `화살표 없는 연결: ${from}에서 ${to}로`,
  },
  legend: {
    ...{ title: '범례', busy: '지금 맺어진 연결', rejected: '✕ 거부됨' },
    ...{ arrow: '연결 가능', groups: '보안 그룹', notes: '그리지 않은 것' },
    help: '끌어서 이동, Ctrl과 휠로 확대',
  },
  table: {
    ...{ show: '표로 보기', machine: '머신', state: '상태', address: '주소', price: '월 요금' },
    ...{ accepted: '허용/초', rejected: '거부/초', from: '보내는 쪽', to: '받는 쪽' },
    ...{ services: '서비스', total: '연 뒤로', ask: '묻기', unknown: '알 수 없음' },
    ...{ none: '아무것도 없습니다.', sources: (text) => `${text}에서` },
    totals: (accepted, rejected) => `허용 ${accepted}, 거부 ${rejected}`,
    all: (count) => `${count}개 모두 보기`,
    onPath: (path) => `‘${path}’ 경로만`,
  },
  details: {
    ...{ pairs: '누가 누구에게 연결하나', reachedBy: '접근하는 쪽', reaches: '접근하는 대상' },
    ...{ machines: '머신', nobody: '없습니다.', nothing: '없습니다.', ask: '이유 묻기' },
  },
  bill: {
    ...{ month: '/월', title: '요금', open: '요금 보기', resource: '리소스' },
    ...{ what: '항목', sum: '수량 × 단가', usd: '월 $', total: '합계' },
    ...{ unknown: '알 수 없는 것', why: '이유', assumptions: '가정', none: '요금을 모름' },
    since: (date) => `${date} 이후 가격`,
    missing: (count) => (count === 0 ? '모르는 항목 없음' : `모르는 항목 ${count}개`),
    ofRegion: (region) => `${region} 온디맨드, 세금 별도`,
  },
};

export const useMapText = () => useText({ en, ko } satisfies Texts<unknown>);

/** US dollars as the bill has them. */
export const usdText = (usd: number): string => `$${usd.toFixed(2)}`;
