import type { FlowOrder, FlowPlace } from '../store/queries.js';
import { RequestError } from './errors.js';

/** Text of a place in a list of Flows, which means nothing to who gets it. */
export function cursorText(order: FlowOrder, { value, number }: FlowPlace): string {
  return Buffer.from(`${order} ${value} ${number}`).toString('base64url');
}

/** The largest sum of an order, and the largest number of a Flow. */
const LARGEST_VALUE = 2n ** 127n;
const LARGEST_NUMBER = 2n ** 64n;
/** Times are before the year 10000. */
const LARGEST_TIME = 253_402_300_800_000n;

/** @throws RequestError where it is the text of no place in this order */
export function placeOf(text: string, order: FlowOrder): FlowPlace {
  const [, of, value, number] =
    /^(newest|largest) (-?\d{1,39}) (\d{1,20})$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (of === undefined) throw new RequestError(400, 'after: is not what `next` of an earlier answer said');
  if (of !== order) throw new RequestError(400, `after: is of a list that is ordered by ${of}, not by ${order}`);
  const place = { value: BigInt(value!), number: BigInt(number!) };
  const most = order === 'newest' ? LARGEST_TIME : LARGEST_VALUE;
  const least = order === 'newest' ? -LARGEST_TIME : -1n;
  if (place.number >= LARGEST_NUMBER || place.value >= most || place.value <= least)
    throw new RequestError(400, 'after: is not what `next` of an earlier answer said');
  return place;
}
