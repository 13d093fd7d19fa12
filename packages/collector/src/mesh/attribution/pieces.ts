import type { Group } from './group.js';

/** A part of the time that records are of. */
export interface Piece {
  /** Minute since the epoch. */
  readonly time: number;
  /** Minutes: 1, 60 or 1440. */
  readonly span: number;
  /** Which part of the records' octets are of it, evenly. */
  readonly share: number;
}

/** A whole day or hour within a long record is one piece, so that it makes few. */
const spans = [1440, 60, 1];

/** The minutes that records are spread over. Shares add up to 1. */
export function piecesOf({ begin, end, ofFirst, ofEach }: Group): readonly Piece[] {
  if (begin >= end) return [{ time: end, span: 1, share: 1 }];
  const pieces = [{ time: begin, span: 1, share: ofFirst }];
  for (let time = begin + 1; time < end; ) {
    const span = spans.find(each => time % each === 0 && time + each <= end)!;
    pieces.push({ time, span, share: ofEach * span });
    time += span;
  }
  const rest = pieces.reduce((sum, { share }) => sum - share, 1);
  return [...pieces, { time: end, span: 1, share: Math.max(0, rest) }];
}

/** A whole number divided among pieces; what is left of rounding is the last one's. */
export function divided(amount: number, pieces: readonly Piece[]): number[] {
  let left = amount;
  return pieces.map(({ share }, i) => {
    const part = i === pieces.length - 1 ? left : Math.min(left, Math.round(amount * share));
    left -= part;
    return part;
  });
}
