import type { CauseRow } from '../../analysis/events/causes.js';
import type { MeshPlace } from '../../analysis/events/event.js';
import { plainAddress } from '../../flow/engine-address.js';
import { Attribution } from '../../mesh/attribution/attribution.js';
import { classes, type Group } from '../../mesh/attribution/group.js';
import { Sums } from '../../mesh/attribution/sums.js';
import type { View } from '../../mesh/attribution/view.js';
import type { StoreDoor } from '../door.js';
import type { Step } from '../rollup/step.js';
import { parseRows } from '../rows.js';
import { type GroupRow, groupOf, groupsSql } from './groups.js';

/** Groups that are looked through at most: what an event is due to is among the first of many as well. */
const MOST = 20_000;

export interface PlaceAsked {
  readonly place: MeshPlace;
  /** What counts at a gateway: what comes into the mesh, or leaves it. */
  readonly isIn: boolean;
  readonly step: Step;
  /** The minute until which the step's records were received. */
  readonly received: number;
}

/** The parts of a step's traffic that lie on a link in its direction, or go through a gateway: by who began the flows. */
export async function placeRows(
  door: StoreDoor,
  asked: PlaceAsked,
  viewAt: (minute: number) => Promise<View | undefined>,
): Promise<CauseRow[]> {
  const groups = await groupsIn(door, asked.step);
  const views = new Map<number, View | undefined>();
  for (const { end } of groups) if (!views.has(end)) views.set(end, await viewAt(end));
  const viewOf = ({ end }: Group) => views.get(end);
  const attribution = new Attribution();
  // Who has seen what is told by all of them; then each lies where it lies.
  attribution.add(groups, viewOf, new Sums(), asked.received);
  return groups.flatMap(group => {
    const sums = new Sums();
    attribution.add([group], viewOf, sums, asked.received);
    const value = octetsAt(asked, sums);
    const name = classes[group.class]!;
    return value === 0
      ? []
      : [{ host: plainAddress(group.source), ...(name === 'other' ? {} : { service: name }), value }];
  });
}

async function groupsIn(door: StoreDoor, step: Step): Promise<Group[]> {
  const groups: Group[] = [];
  for await (const chunk of door.stream(groupsSql(step), {})) {
    for (const row of parseRows<GroupRow>(chunk)) if (groups.length < MOST) groups.push(groupOf(row));
    if (groups.length >= MOST) break;
  }
  return groups;
}

function octetsAt({ place, isIn }: PlaceAsked, sums: Sums): number {
  let octets = 0;
  if ('link' in place) {
    const at = place.direction === 'forward' ? 0 : 2;
    for (const { link, counts } of sums.links()) if (link === place.link) octets += counts[at]!;
  } else {
    for (const { node, counts } of sums.ends()) if (node === place.node) octets += counts[isIn ? 3 : 2]!;
  }
  return octets;
}
