import type { LinkKind, MeshLink } from '../mesh.js';

/** A link as one end or the whole feed tells of it. Qualities and costs are from `from` to `to`, the reverse ones the other way. */
export interface LinkTold {
  /** Any names of its ends. */
  readonly from: unknown;
  readonly to: unknown;
  readonly kind: LinkKind;
  readonly fromAddress?: string | undefined;
  readonly toAddress?: string | undefined;
  readonly quality?: number | undefined;
  readonly reverseQuality?: number | undefined;
  readonly cost?: number | undefined;
  readonly reverseCost?: number | undefined;
  /** The reverse quality as the other end has heard of it: what that end says itself is nearer to the truth. */
  readonly reverseHeard?: number | undefined;
  /** It is all that is told of the link: another like it is another link. */
  readonly whole?: boolean;
}

export interface ResolvedLink extends LinkTold {
  readonly from: string;
  readonly to: string;
}

interface LinkDraft {
  readonly source: string;
  readonly target: string;
  readonly sourceAddress: string | undefined;
  readonly targetAddress: string | undefined;
  kind: LinkKind;
  readonly told: [Direction, Direction];
  /** Which of several whole links that nothing tells apart. */
  readonly nth: number;
}

interface Direction {
  quality?: number;
  heard?: number;
  cost?: number;
}

/** Puts together what both ends tell of a link, tells parallel ones apart by their interfaces' addresses, and names them. */
export function combineLinks(links: readonly ResolvedLink[], leaveOut: (reason: string) => void): MeshLink[] {
  const drafts = new Map<string, LinkDraft>();
  const firstOfPair = new Map<string, LinkDraft>();
  for (const link of addressedFirst(links)) {
    const pair = pairOf(link);
    // What is told of two nodes without addresses is of the link between them that is known already.
    const known = link.whole || hasAddress(link) ? undefined : firstOfPair.get(pair);
    const draft = known ?? draftOf(link, drafts, leaveOut);
    if (!firstOfPair.has(pair)) firstOfPair.set(pair, draft);
    add(draft, link);
  }
  return named([...drafts.values()]);
}

function addressedFirst(links: readonly ResolvedLink[]): readonly ResolvedLink[] {
  return [...links.filter(hasAddress), ...links.filter(link => !hasAddress(link))];
}

function hasAddress(link: ResolvedLink): boolean {
  return link.fromAddress !== undefined || link.toAddress !== undefined;
}

function pairOf({ from, to }: ResolvedLink): string {
  return from < to ? `${from}\n${to}` : `${to}\n${from}`;
}

/** The link that this is of: by the addresses of its ends. Whole ones without addresses are each a link of its own. */
function draftOf(link: ResolvedLink, drafts: Map<string, LinkDraft>, leaveOut: (reason: string) => void): LinkDraft {
  const key = keyOf(link);
  let nth = 0;
  while (link.whole && !hasAddress(link) && drafts.has(`${key}\n${nth}`)) nth++;
  const known = drafts.get(`${key}\n${nth}`);
  if (known !== undefined && link.whole) leaveOut('link told of twice');
  const draft = known ?? newDraft(link, nth);
  drafts.set(`${key}\n${nth}`, draft);
  return draft;
}

function keyOf(link: ResolvedLink): string {
  const ends = [`${link.from}\n${link.fromAddress ?? ''}`, `${link.to}\n${link.toAddress ?? ''}`];
  return (link.from < link.to ? ends : ends.reverse()).join('\n');
}

function newDraft(link: ResolvedLink, nth: number): LinkDraft {
  const forward = link.from < link.to;
  return {
    source: forward ? link.from : link.to,
    target: forward ? link.to : link.from,
    sourceAddress: forward ? link.fromAddress : link.toAddress,
    targetAddress: forward ? link.toAddress : link.fromAddress,
    kind: link.kind,
    told: [{}, {}],
    nth,
  };
}

function add(draft: LinkDraft, link: ResolvedLink): void {
  const [there, back] = link.from === draft.source ? draft.told : [draft.told[1], draft.told[0]];
  if (draft.kind === 'other') draft.kind = link.kind;
  if (link.quality !== undefined) there.quality ??= link.quality;
  if (link.cost !== undefined) there.cost ??= link.cost;
  if (link.reverseQuality !== undefined) back.quality ??= link.reverseQuality;
  if (link.reverseCost !== undefined) back.cost ??= link.reverseCost;
  if (link.reverseHeard !== undefined) back.heard ??= link.reverseHeard;
}

function named(drafts: LinkDraft[]): MeshLink[] {
  drafts.sort(
    (a, b) =>
      order(a.source, b.source) ||
      order(a.target, b.target) ||
      order(a.sourceAddress ?? '', b.sourceAddress ?? '') ||
      order(a.targetAddress ?? '', b.targetAddress ?? '') ||
      a.nth - b.nth,
  );
  const taken = new Set<string>();
  return drafts.map(draft => {
    const id = freeLinkId(`${draft.source}~${draft.target}`, taken);
    taken.add(id);
    return finishedLink(draft, id);
  });
}

/** The pair's own id, or with the first number from 2 on behind it that is free. */
export function freeLinkId(pair: string, taken: ReadonlySet<string>): string {
  let id = pair;
  for (let n = 2; taken.has(id); n++) id = `${pair}~${n}`;
  return id;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function finishedLink({ source, target, sourceAddress, targetAddress, kind, told }: LinkDraft, id: string): MeshLink {
  const [there, back] = told;
  const quality = there.quality ?? there.heard;
  const reverseQuality = back.quality ?? back.heard;
  return {
    id,
    source,
    target,
    kind,
    ...(sourceAddress === undefined ? {} : { sourceAddress }),
    ...(targetAddress === undefined ? {} : { targetAddress }),
    ...(quality === undefined ? {} : { quality }),
    ...(reverseQuality === undefined ? {} : { reverseQuality }),
    ...(there.cost === undefined ? {} : { cost: there.cost }),
    ...(back.cost === undefined ? {} : { reverseCost: back.cost }),
  };
}
