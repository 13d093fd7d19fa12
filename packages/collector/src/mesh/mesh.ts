/** One mesh network at one moment, whatever format told of it. Ids are texts as the format has them: node ids, MAC or IP addresses. */
export interface Mesh {
  /** When it is of, as the feed itself says, in milliseconds since the epoch; undefined where it says nothing. */
  readonly at?: number;
  /** Each id once. */
  readonly nodes: readonly MeshNode[];
  /** Both ends are in `nodes`; each id once. */
  readonly links: readonly MeshLink[];
  /** What routing tables say; empty where the format has none. */
  readonly routes: readonly MeshRoute[];
  /** What of the feed is not in here, by the reason ("link to a missing node"): how often. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface MeshNode {
  readonly id: string;
  /** Undefined where it has none: it is shown by its id. */
  readonly name?: string;
  /** IP addresses that are its own, canonical. */
  readonly addresses: readonly string[];
  /** Its MAC addresses, in small letters with colons. */
  readonly macs: readonly string[];
  /** Networks (CIDR) and addresses of clients behind it: HNA, translation tables, announced prefixes. */
  readonly networks: readonly string[];
  /** Degrees, WGS 84. */
  readonly position?: Position;
  readonly online: boolean;
  /** Whether it leads out of the mesh. */
  readonly gateway: boolean;
  /** Of the users, not of the mesh; undefined where it does not say. */
  readonly clients?: number;
  /** Id of the node that its traffic out of the mesh goes to next. */
  readonly nextHop?: string;
  /** Id of the gateway that its traffic out of the mesh leaves by. */
  readonly leavesBy?: string;
  /** What else a reader wants to know: model, firmware, owner, site, uptime. Small. */
  readonly details: Readonly<Record<string, string | number>>;
}

export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

export type LinkKind = 'wireless' | 'tunnel' | 'wired' | 'other';

/** A link, told once for both directions. */
export interface MeshLink {
  /** `SOURCE~TARGET`, with the smaller id first, and `~2`, `~3`, ... behind it for parallel links; stays the same from one state of the feed to the next. */
  readonly id: string;
  /** Ids of nodes, the smaller first. */
  readonly source: string;
  readonly target: string;
  readonly kind: LinkKind;
  /** Addresses of the interfaces at its ends, IP or MAC; by them parallel links are told apart. */
  readonly sourceAddress?: string;
  readonly targetAddress?: string;
  /** From 0, nothing comes through, to 1, all does: from source to target. TQ / 255, or 1 / ETX. */
  readonly quality?: number;
  /** The same from target to source. */
  readonly reverseQuality?: number;
  /** What the routing protocol adds up along a path, from source to target: ETX, or its own cost; at least 0. */
  readonly cost?: number;
  readonly reverseCost?: number;
}

/** A route that a node has. */
export interface MeshRoute {
  /** Id of the node. */
  readonly at: string;
  /** CIDR. */
  readonly network: string;
  /** Id of the node that it goes to next. */
  readonly via: string;
}
