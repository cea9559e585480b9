/**
 * A picture as plain values: what stands where, in pixels, the origin at the top left. The SVG
 * writer and the console's map draw the same scene. Pure types, all of it JSON.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** The ways through the system that can be highlighted. */
export type Path = 'request' | 'admin' | 'outbound';

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** What is drawn, e.g. the service's domain or the stack's name. */
  readonly title: string;
  /** Outer ones first. */
  readonly boxes: readonly SceneBox[];
  readonly nodes: readonly SceneNode[];
  readonly arrows: readonly SceneArrow[];
  /** Security groups that nodes carry, each with its colour. */
  readonly groups: readonly SceneGroup[];
  /** Which paths there are to highlight. */
  readonly paths: readonly Path[];
  /** Things that the picture leaves out, each a sentence. */
  readonly notes: readonly string[];
  /** Present where prices were asked for. */
  readonly cost?: SceneCost;
}

export interface SceneCost {
  /** US dollars a month, of what is known. */
  readonly usd: number;
  /** Things whose price is not known: the sum is without them. */
  readonly unknown: number;
  /** The oldest price used, e.g. `2026-11-01`. */
  readonly pricesSince: string | null;
}

export interface SceneBox extends Rect {
  readonly id: string;
  readonly kind: 'region' | 'vpc' | 'zone' | 'public-subnet' | 'private-subnet';
  readonly title: string;
  /** e.g. the CIDR block. */
  readonly detail: string;
  /** The box that it is inside of; null: the region. */
  readonly parentId: string | null;
}

export type NodeKind =
  | 'internet'
  /** The administrator's machine, outside. */
  | 'admin'
  /** An outside party with its own address. */
  | 'outside'
  | 'instance'
  /** An instance that forwards for others. */
  | 'nat-instance'
  | 'load-balancer'
  | 'database'
  | 'network-interface'
  /** A service of AWS that interfaces reach by an endpoint, e.g. s3. */
  | 'service'
  | 'internet-gateway'
  | 'nat-gateway'
  | 'peering-connection';

export interface SceneNode extends Rect {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  /** Smaller lines below the title, e.g. `10.0.0.10`, `t4g.micro`. */
  readonly lines: readonly string[];
  /** The ends of the proof that it stands for, by name: several where equal machines are folded. */
  readonly names: readonly string[];
  readonly groupIds: readonly string[];
  /** The box that it is inside of; null: outside. */
  readonly boxId: string | null;
  /**
   * US dollars a month of all that it stands for; null: not known. Absent: prices were not asked
   * for, or another node stands for the same thing and has it.
   */
  readonly usd?: number | null;
}

/** One line from one node to another; what is behind it is in `pairs`. */
export interface SceneArrow {
  readonly id: string;
  readonly fromId: string;
  readonly toId: string;
  /** What the label says, e.g. `tcp 22, 3306`. */
  readonly services: string;
  /** The rows of the proof that it stands for: one, or those of folded machines. */
  readonly pairs: readonly ScenePair[];
  readonly paths: readonly Path[];
  /** A polyline; the arrow's head is at the last one. */
  readonly points: readonly Point[];
  /** Where the label's middle is; null where another arrow's label, on a part that both share, says it. */
  readonly label: Point | null;
}

export interface ScenePair {
  readonly from: string;
  readonly to: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly services: string;
  /** Of packets from outside: which senders; absent: anybody. */
  readonly sources?: string;
}

export interface SceneGroup {
  readonly id: string;
  readonly name: string;
  /** Which colour of the palette, from 0 on. */
  readonly colour: number;
}
