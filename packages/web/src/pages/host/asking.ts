import { getGroups } from '../../api/client.js';
import { askedSpan, type View } from '../../state/view.js';
import { ROWS } from '../../tops/asking.js';
import { type Group, type TopRow, topRows } from '../../tops/tops.js';
import { within } from '../within.js';
import { peerRows, peersOf, protocolRows } from './host.js';

/** The largest of both sides together are among these of each. */
const ASKED = 100;

type Side = 'src' | 'dst';

/** Sums of the Flows of a host at one side: those that it began, or those that others began to it. */
export function askSide(
  view: View,
  side: Side,
  by: readonly string[],
  now: number,
  signal: AbortSignal,
  top = ASKED,
): Promise<Group[]> {
  const filter = within(`${side} host ${view.host}`, view.filter);
  return getGroups(by, top, askedSpan({ ...view, filter }, now), signal);
}

/** Both sides at once, each with its own fields: those that the host began first. */
export function askBoth(
  view: View,
  by: Readonly<Record<Side, readonly string[]>>,
  now: number,
  signal: AbortSignal,
): Promise<[Group[], Group[]]> {
  const ask = (side: Side): Promise<Group[]> => askSide(view, side, by[side], now, signal);
  return Promise.all([ask('src'), ask('dst')]);
}

export async function askPeers(
  view: View,
  now: number,
  say: (sent: number, received: number) => string,
  signal: AbortSignal,
): Promise<TopRow[]> {
  const [began, reached] = await askBoth(view, { src: ['dst'], dst: ['src'] }, now, signal);
  return peerRows(peersOf(began, reached), ROWS, say);
}

/** Services that the host asks for, or with `dst` those that it offers. */
export async function askServices(view: View, side: Side, now: number, signal: AbortSignal): Promise<TopRow[]> {
  return topRows('services', await askSide(view, side, ['proto', 'dstport'], now, signal, ROWS));
}

export async function askProtocols(view: View, now: number, signal: AbortSignal): Promise<TopRow[]> {
  const filter = within(`host ${view.host}`, view.filter);
  return protocolRows(await getGroups(['proto'], ROWS, askedSpan({ ...view, filter }, now), signal));
}
