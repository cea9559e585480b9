/**
 * What the console's page and its server say to each other: pure types, all of it JSON. Long, since
 * it is one contract, and both sides read it whole.
 *
 * The page is in `console/web/`, built by Vite (`vite build`, base `/`, no inline scripts or
 * styles in index.html) to `console/web/dist/`, which is git-ignored; the server serves that
 * folder at `/` and builds it where it is missing or older than its sources.
 *
 * Rules for every call:
 * - The first visit is `GET /open?token=TOKEN`: it sets the session's cookie and leads to `/`.
 *   Without a session every path answers 401 and says nothing but to run `npx onsil console`.
 * - Bodies and answers are JSON. `POST` needs the header `x-onsil-console: 1`.
 * - What fails answers `{ message }` (Failure) with 400 (what was asked), 401 (no session),
 *   403 (foreign origin), 404, 409 (the lab is not that far, or not in that state) or 500.
 * - Streams are Server-Sent Events (EventSource): `data:` of each event is one JSON value, with
 *   no event name. A stream that ends is opened again by the browser.
 * - Names are the lab's own: of instances, `admin` and `internet`. The Content-Security-Policy is
 *   `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;
 *   font-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri
 *   'none'`: styles may be inline (graph and terminal set positions so), scripts may not.
 */

import type { Scene } from '../diagram/scene.ts';

/** Every call: its answer, and what it is given (query of a GET, body of a POST). */
export interface Calls {
  /** The picture, with prices; drawn at its own positions. */
  'GET /api/map': { readonly answer: Picture };
  'GET /api/state': { readonly answer: State };
  /** Who may reach one machine and whom it may reach. */
  'GET /api/host': { readonly query: { readonly name: string }; readonly answer: Host };
  'POST /api/ask': { readonly body: Question; readonly answer: Answer };
  /** Sends one packet in the lab and answers beside the model. */
  'POST /api/prove': { readonly body: Question; readonly answer: Proof };
  'GET /api/matrix': { readonly answer: Matrix };
  'GET /api/policies': { readonly answer: Policies };
  'GET /api/unused': { readonly answer: Unused };
  'GET /api/cost': { readonly answer: Cost };
  'POST /api/power': { readonly body: PowerRequest; readonly answer: Done };
  'GET /api/drill': { readonly answer: DrillState };
  'POST /api/drill': { readonly body: DrillRequest; readonly answer: DrillState & Done };
  /** Puts everything back that drills changed, in the opposite order. */
  'POST /api/drill/restore': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: DrillState & Done;
  };
}

/** Every stream of Server-Sent Events. */
export interface Streams {
  /** Once a second while anybody listens; the first one at once. */
  '/api/live': { readonly event: Live };
  /** `?hosts=api-1,api-2&lines=200&match=text`: journals, merged as they come. */
  '/api/logs': {
    readonly query: { readonly hosts: string; readonly lines?: number; readonly match?: string };
    readonly event: LogLine | StreamEnd;
  };
  /** `?host=api-1&only=accepted|rejected`, both optional. */
  '/api/flow': {
    readonly query: { readonly host?: string; readonly only?: 'accepted' | 'rejected' };
    readonly event: Flow | FlowLost | StreamEnd;
  };
}

/**
 * WebSocket `/api/terminal?host=api-1&columns=80&rows=24`: a shell as root on a running machine, or
 * on `admin` or `internet`. Binary frames are bytes of the terminal, both ways; text frames are one
 * JSON value each: to the server TerminalResize, from it TerminalExit, after which it closes.
 */
export interface TerminalResize {
  readonly columns: number;
  readonly rows: number;
}
export interface TerminalExit {
  /** Null where the machine went away. */
  readonly exitCode: number | null;
}

export interface Failure {
  readonly message: string;
}

/** The last event of a stream that ends by itself. */
export interface StreamEnd {
  readonly end: string;
}

/** Shell lines that do the same, to be copied: `npx onsil …`. */
export type Commands = readonly string[];

export interface Done {
  readonly commands: Commands;
  /** What was done, in a sentence. */
  readonly text: string;
}

export type MachineState = 'pending' | 'running' | 'stopping' | 'stopped';

/** As `onsil diagram` draws it. */
export interface Picture extends Scene {
  /** Of what: that of State. */
  readonly revision: number;
  readonly commands: Commands;
}

/** What a map needs; asked again when `Live.revision` changes. */
export interface State {
  readonly lab: string;
  readonly service: string | null;
  readonly phase: 'starting' | 'ready' | 'failed' | 'stopping';
  /** Seconds from the command to ready, or to now. */
  readonly seconds: number;
  readonly site: string | null;
  readonly region: string;
  /** Changes with the region. */
  readonly revision: number;
  readonly vpcs: readonly Vpc[];
  readonly machines: readonly Machine[];
  /** What AWS would run: load balancers, databases. */
  readonly managed: readonly ManagedMachine[];
  readonly groups: readonly Group[];
  readonly routeTables: readonly RouteTable[];
  /** Who reaches whom, of the proof; the same as Matrix.rows without what cannot be told. */
  readonly arrows: readonly Arrow[];
  /** US dollars a month; null where the template is not priced. */
  readonly monthly: Monthly | null;
  readonly commands: Commands;
}

export interface Monthly {
  readonly usd: number;
  /** Things whose price is not known: the sum is without them. */
  readonly unknown: number;
  /** The oldest price used, e.g. `2026-11-01`; null where none was. */
  readonly pricesSince: string | null;
}

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly string[];
  readonly internetGateway: boolean;
  readonly subnets: readonly Subnet[];
}
export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly cidr: string;
  readonly zone: string;
  /** Whether its default route leads to an Internet gateway. */
  readonly isPublic: boolean;
  readonly routeTableId: string;
}

export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  /** e.g. `t4g.micro`. */
  readonly type: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly privateIp: string;
  readonly publicIp: string | null;
  readonly groupIds: readonly string[];
  /** Forwards for others, as a NAT instance does. */
  readonly forwards: boolean;
  /** US dollars a month of the instance itself; null: not known. */
  readonly usd: number | null;
}

export interface ManagedMachine {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly subnetIds: readonly string[];
  readonly privateIps: readonly string[];
  readonly publicIps: readonly string[];
  readonly groupIds: readonly string[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Names of the machines that carry it. */
  readonly members: readonly string[];
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}
/** A line of a table like the article's: source (or destination), port, why. */
export interface GroupRule {
  readonly id: string;
  /** A block, or the name of a group or a prefix list. */
  readonly peer: string;
  /** Of a rule that names a group: its id. */
  readonly peerGroupId?: string;
  /** e.g. `tcp 22`, `everything`. */
  readonly service: string;
  /** The rule's description; empty where it has none. */
  readonly why: string;
}

export interface RouteTable {
  readonly id: string;
  readonly name: string;
  readonly routes: readonly {
    readonly destination: string;
    readonly target: string;
    readonly isLocal: boolean;
  }[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly family: 'ipv4' | 'ipv6';
  /** e.g. `tcp 22, 3306`. */
  readonly services: string;
  /** Of packets from outside: which senders, e.g. `198.51.100.10`; absent: anybody. */
  readonly sources?: string;
}

/** One second of the lab. */
export interface Live {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly phase: State['phase'];
  readonly revision: number;
  readonly machines: readonly LiveMachine[];
  readonly managed: readonly {
    readonly id: string;
    readonly state: string;
    readonly reason: string | null;
    readonly detail: string | null;
  }[];
  /** What happened since the last event: new connections and rejected packets, by who and whom. */
  readonly pairs: readonly LivePair[];
  /** What each rule, entry and route took since the last event; those that took nothing are left out. */
  readonly rules: readonly LiveRule[];
  /** Rejected packets since the last event, of all pairs. */
  readonly rejected: number;
  /** False where packets come faster than they can be told: `pairs` then misses some, `rules` none. */
  readonly pairsComplete: boolean;
  /** Requests of the site in the last second; null where no edge tells. */
  readonly requestsPerSecond: number | null;
  /** What the site answers, asked from the lab's Internet; null where it has none. */
  readonly site: LiveSite | null;
  /** How many drills are not put back yet. */
  readonly drills: number;
}
export interface LiveMachine {
  readonly id: string;
  readonly name: string;
  readonly state: MachineState;
  readonly setup: 'waiting' | 'starting' | 'running' | 'done' | 'failed' | 'none';
  readonly reason: string | null;
  /** Of load balancers' targets: what they say; null where nobody checks it. */
  readonly health: 'healthy' | 'unhealthy' | null;
}
export interface LivePair {
  /** An instance, `admin`, `internet` or an address. */
  readonly from: string;
  readonly to: string;
  readonly accepted: number;
  readonly rejected: number;
}
export interface LiveRule {
  /** Whose it is, e.g. `sg api in`. */
  readonly of: string;
  readonly text: string;
  /** Of a security group's: its ids. */
  readonly groupId?: string;
  readonly ruleId?: string;
  readonly packets: number;
  readonly bytes: number;
}
export interface LiveSite {
  readonly url: string;
  readonly answers: boolean;
  /** `HTTP 200`, or what went wrong. */
  readonly text: string;
}

/** Everything there is to know of one machine that the map does not show. */
export interface Host {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly reachedBy: readonly Reach[];
  readonly reaches: readonly Reach[];
  readonly commands: Commands;
}
export interface Reach extends Arrow {
  /** The rules that let it through: the sender's and the receiver's; empty at an outside end. */
  readonly decidedBy: readonly string[];
}

export interface Question {
  readonly from: string;
  /** An instance, `internet`, `admin`, an address or a block. */
  readonly to: string;
  /** 1 to 65535, or `ping`; absent: everything. */
  readonly port?: number | 'ping';
  /** By default tcp. */
  readonly protocol?: 'tcp' | 'udp';
  /** Of both ends. By default IPv4, or IPv6 where an end is such an address. */
  readonly family?: 'ipv6';
}

/** As `onsil why --json` prints it, with sentences to show. */
export interface Answer {
  readonly question: Question;
  readonly verdict: 'reachable' | 'partly' | 'blocked' | 'ambiguous' | 'not-modelled';
  readonly outcomes: readonly AnswerOutcome[];
  /** Present where it is not reachable: the smallest change that makes it so. */
  readonly fix?: {
    readonly proved: boolean;
    readonly changes: readonly { readonly text: string }[];
  };
  readonly commands: Commands;
}
export interface AnswerOutcome {
  readonly services: string;
  /** What decides, e.g. `no inbound rule of … (ENI_SG_RULES_MISMATCH)`. */
  readonly text: string;
  readonly reachable: boolean;
  /** After which list of hops it goes no further, or nobody knows; null where it is reachable. */
  readonly stops: 'forward' | 'back' | null;
  readonly forward: readonly AnswerHop[];
  readonly back: readonly AnswerHop[];
}
export interface AnswerHop {
  /** One line, as `onsil why` prints it. */
  readonly text: string;
  /** Whether it is rules of a security group: what somebody wrote to let it through. */
  readonly decides: boolean;
}

export interface Proof {
  readonly question: Question;
  readonly model: Answer['verdict'];
  /** What the lab did with a real packet. */
  readonly lab: {
    readonly reached: boolean;
    /** `connected`, `refused`, `timeout` … A refusal has reached: nobody listens there. */
    readonly outcome: string;
    readonly address: string;
    /** Milliseconds. */
    readonly ms: number;
  };
  readonly agree: boolean;
  /** Why they may differ, e.g. that the target is stopped: the model knows no power. */
  readonly note: string | null;
  readonly commands: Commands;
}

export interface Matrix {
  readonly names: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** What the Internet reaches. */
  readonly internet: readonly MatrixRow[];
  readonly commands: Commands;
}
export interface MatrixRow extends Arrow {
  /** Where it cannot be told: what it depends on. It is never taken for reachable. */
  readonly unknown?: string;
}

export interface Policies {
  readonly policies: readonly {
    readonly text: string;
    readonly origin: 'any-vpc' | 'built-in' | 'config';
    readonly verdict: 'kept' | 'broken' | 'unknown';
    readonly why: string | null;
    readonly findings: readonly {
      readonly from: readonly string[];
      readonly to: readonly string[];
      readonly services: string;
      readonly text: string;
    }[];
  }[];
  /** Rules that can go; null where that could not be proved. */
  readonly removable: {
    readonly needless: readonly { readonly text: string; readonly proof: readonly string[] }[];
    readonly unwanted: readonly { readonly text: string; readonly proof: readonly string[] }[];
  } | null;
  readonly commands: Commands;
}

export interface Unused {
  /** Rules, entries and routes that no packet used since the lab came up. */
  readonly unused: readonly {
    readonly of: string;
    readonly text: string;
    /** False where nothing in the lab asks it. */
    readonly inForce: boolean;
  }[];
  readonly inForce: number;
  readonly commands: Commands;
}

export interface Cost {
  readonly bill: {
    readonly region: string;
    readonly total: number;
    readonly pricesSince: string | null;
    readonly lines: readonly {
      /** Whose it is: an instance's name, else the template's name for it. */
      readonly resource: string;
      readonly what: string;
      readonly quantity: number;
      readonly unit: string;
      readonly unitUsd: number;
      readonly usd: number;
      readonly date: string;
    }[];
    readonly unknown: readonly {
      readonly resource: string;
      readonly what: string;
      readonly why: string;
    }[];
  } | null;
  readonly assumptions: readonly string[];
  readonly commands: Commands;
}

export interface PowerRequest {
  readonly host: string;
  readonly action: 'start' | 'stop' | 'restart';
}

export interface LogLine {
  readonly host: string;
  /** The host's own for this line, the same whenever it is read. */
  readonly cursor: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The systemd unit or the program; empty where unknown. */
  readonly unit: string;
  /** 0 (emergency) to 7 (debug), as syslog has it. */
  readonly priority: number;
  readonly text: string;
}

export interface Flow {
  readonly at: number;
  readonly accepted: boolean;
  readonly from: string;
  readonly to: string;
  /** e.g. `tcp 3306`. */
  readonly service: string;
  readonly bytes: number;
  /** The rule that accepts, or what rejects or is missing. */
  readonly because: string;
}
/** Packets came too fast: so many messages of the kernel had no room. */
export interface FlowLost {
  readonly lost: number;
}

export type DrillRequest =
  | { readonly kind: 'stop'; readonly host: string }
  | { readonly kind: 'cut-route'; readonly routeTableId: string; readonly destination: string }
  | {
      readonly kind: 'revoke-rule';
      readonly groupId: string;
      readonly direction: 'ingress' | 'egress';
      readonly ruleId: string;
    };

export interface DrillState {
  /** What there is to break: machines that run, routes, rules. */
  readonly offers: readonly {
    readonly request: DrillRequest;
    readonly text: string;
    /** What it does, as a shell line. */
    readonly commands: Commands;
  }[];
  /** What is done and not put back, the oldest first. */
  readonly done: readonly {
    readonly request: DrillRequest;
    readonly text: string;
    readonly at: number;
    readonly commands: Commands;
  }[];
  /** What does not work now, by the model and by the machines. */
  readonly broken: readonly {
    readonly kind: 'machine' | 'policy' | 'site' | 'path';
    readonly text: string;
  }[];
}
