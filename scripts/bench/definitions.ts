/** What is measured, in the order of the table, with its goal and its words in both languages. */

export type Unit = 's' | 'ms' | '×' | 'MB' | 'req/s' | 'Gbit/s' | '%';

export interface Definition {
  readonly unit: Unit;
  /** From the goals of the design; absent where it sets none. */
  readonly target?: { readonly limit: number; readonly kind: 'below' | 'at least' };
  readonly en: string;
  readonly ko: string;
}

/** In the order of the table. */
export const DEFINITIONS = {
  warmUp: {
    unit: 's',
    target: { limit: 5, kind: 'below' },
    en: '`up`, warm: command to first login over HTTPS',
    ko: '두 번째부터의 `up`: 명령 입력에서 HTTPS 첫 로그인까지',
  },
  warmReady: {
    unit: 's',
    en: '`up`, warm: as the command itself says',
    ko: '두 번째부터의 `up`: 명령이 스스로 표시한 시간',
  },
  coldUp: {
    unit: 's',
    target: { limit: 150, kind: 'below' },
    en: '`up`, cold: empty cache, near package mirror',
    ko: '첫 `up`: 빈 캐시, 가까운 패키지 미러',
  },
  down: {
    unit: 's',
    target: { limit: 1, kind: 'below' },
    en: '`down`, as the command itself says',
    ko: '`down`: 명령이 스스로 표시한 시간',
  },
  downWhole: {
    unit: 's',
    en: '`down`, with the start of npm and Node',
    ko: '`down`: npm과 Node가 뜨는 시간 포함',
  },
  memoryBare: {
    unit: 'MB',
    target: { limit: 30, kind: 'below' },
    en: 'memory of an idle instance without an app (bastion, nat)',
    ko: '앱이 없는 유휴 인스턴스의 메모리 (bastion, nat)',
  },
  memorySupervisor: {
    unit: 'MB',
    en: 'of it systemd-nspawn, the supervisor outside',
    ko: '그중 바깥에서 지켜보는 systemd-nspawn',
  },
  memoryAll: {
    unit: 'MB',
    en: 'memory of all eight, with nginx, Node and MariaDB',
    ko: 'nginx, Node, MariaDB까지 여덟 대 전체의 메모리',
  },
  memoryDaemon: {
    unit: 'MB',
    en: "memory of the lab's daemon",
    ko: '랩 데몬의 메모리',
  },
  requestsWhole: {
    unit: 'req/s',
    en: '`/api/health` from `internet`: TLS, edge, gateway, api-1 and api-2',
    ko: '`internet`에서 `/api/health`: TLS, edge, gateway, api-1·api-2',
  },
  requestsDirect: {
    unit: 'req/s',
    en: '`/api/health` from `gateway` straight to api-1',
    ko: '`gateway`에서 api-1로 바로 `/api/health`',
  },
  requestsRatio: {
    unit: '%',
    en: 'whole path against straight',
    ko: '전체 경로 ÷ 직접',
  },
  throughputGates: {
    unit: 'Gbit/s',
    en: 'iperf3 edge → web:3000 through two security-group gates',
    ko: 'iperf3 edge → web:3000, 보안 그룹 관문 두 개를 지나서',
  },
  throughputPlain: {
    unit: 'Gbit/s',
    en: 'the same links and routes without any rule',
    ko: '같은 링크와 라우팅, 규칙 없이',
  },
  throughputRatio: {
    unit: '%',
    target: { limit: 90, kind: 'at least' },
    en: 'with gates against without',
    ko: '규칙 있음 ÷ 없음',
  },
  hundredCold: {
    unit: 's',
    en: '`up` of 100 instances in 10 subnets, each set up for the first time',
    ko: '서브넷 10개, 인스턴스 100개의 첫 `up`',
  },
  hundredWarm: {
    unit: 's',
    target: { limit: 20, kind: 'below' },
    en: 'the same, warm',
    ko: '같은 것, 두 번째부터',
  },
  hundredDown: {
    unit: 's',
    en: '`down` of them',
    ko: '그 `down`',
  },
  hundredMemory: {
    unit: 'MB',
    en: 'memory of all 100, idle',
    ko: '유휴 상태 100대 전체의 메모리',
  },
  consoleMap: {
    unit: 'ms',
    target: { limit: 1000, kind: 'below' },
    en: "the console's map of them: from the page's load to the first picture",
    ko: '그 콘솔의 지도: 페이지가 뜬 뒤 첫 그림까지',
  },
  consoleWatched: {
    unit: '%',
    target: { limit: 5, kind: 'below' },
    en: "the daemon's share of one core while somebody watches that map",
    ko: '그 지도를 보는 동안 데몬이 쓰는 코어 하나의 비율',
  },
  consoleClosed: {
    unit: '%',
    en: 'the same after the page was closed',
    ko: '페이지를 닫은 뒤의 같은 값',
  },
  consoleIdle: {
    unit: '%',
    target: { limit: 1, kind: 'below' },
    en: 'the same where the console was never opened',
    ko: '콘솔을 연 적이 없을 때의 같은 값',
  },
  groupsAdded: {
    unit: 's',
    en: 'one update that adds 500 security groups with 20 rules each',
    ko: '규칙 20개짜리 보안 그룹 500개를 더하는 업데이트 한 번',
  },
  groupsChanged: {
    unit: 's',
    en: 'one update that changes every one of those 10,000 rules',
    ko: '그 규칙 10,000개를 모두 바꾸는 업데이트 한 번',
  },
  groupsSilence: {
    unit: 'ms',
    en: 'longest pause of a TCP stream meanwhile; no byte is lost',
    ko: '그동안 TCP 스트림이 가장 오래 멈춘 시간, 잃은 바이트 없음',
  },
  reach10: {
    unit: 'ms',
    en: 'who reaches whom, all pairs and ports: 10 interfaces in 10 groups',
    ko: '누가 누구에게 닿는가, 모든 쌍과 포트: 인터페이스 10개, 그룹 10개',
  },
  reach100: {
    unit: 'ms',
    en: 'who reaches whom, all pairs and ports: 100 interfaces in 50 groups',
    ko: '누가 누구에게 닿는가, 모든 쌍과 포트: 인터페이스 100개, 그룹 50개',
  },
  reach1000: {
    unit: 'ms',
    target: { limit: 1000, kind: 'below' },
    en: 'who reaches whom, all pairs and ports: 1,000 interfaces in 200 groups',
    ko: '누가 누구에게 닿는가, 모든 쌍과 포트: 인터페이스 1,000개, 그룹 200개',
  },
  reach5000: {
    unit: 'ms',
    target: { limit: 5000, kind: 'below' },
    en: 'who reaches whom, all pairs and ports: 5,000 interfaces in 200 groups',
    ko: '누가 누구에게 닿는가, 모든 쌍과 포트: 인터페이스 5,000개, 그룹 200개',
  },
  reach10000: {
    unit: 'ms',
    target: { limit: 10000, kind: 'below' },
    en: 'who reaches whom, all pairs and ports: 10,000 interfaces in 200 groups',
    ko: '누가 누구에게 닿는가, 모든 쌍과 포트: 인터페이스 10,000개, 그룹 200개',
  },
  reach1000Five: {
    unit: 'ms',
    target: { limit: 1000, kind: 'below' },
    en: 'the same: 1,000 interfaces with five of 200 groups each',
    ko: '같은 것: 인터페이스 1,000개가 그룹 200개 중 다섯 개씩',
  },
  reach5000Five: {
    unit: 'ms',
    target: { limit: 5000, kind: 'below' },
    en: 'the same: 5,000 interfaces with five of 200 groups each',
    ko: '같은 것: 인터페이스 5,000개가 그룹 200개 중 다섯 개씩',
  },
  reachGrowth: {
    unit: '×',
    en: 'growth of that from 1,000 to 5,000 interfaces, 25 times the pairs',
    ko: '1,000개에서 5,000개로(쌍은 25배) 늘 때 걸린 시간의 배수',
  },
  why: {
    unit: 'ms',
    target: { limit: 10, kind: 'below' },
    en: 'one question of `why` among 5,000 interfaces, after loading',
    ko: '인터페이스 5,000개 중 `why` 질문 하나, 불러온 뒤',
  },
} as const satisfies Record<string, Definition>;

export type FigureId = keyof typeof DEFINITIONS;
