import { presentColumns } from '@weir/flow';

/** The present mask in words of 32 bits, lowest first. */
export type PresentMask = Uint32Array;

export function emptyMask(): PresentMask {
  return new Uint32Array(2 * presentColumns.length);
}

export function setBit(mask: PresentMask, bit: number): void {
  mask[bit >>> 5]! |= 1 << (bit & 31);
}

/** Whether the mask, or the words of it that are there, have this bit. */
export function hasBit(mask: ArrayLike<number>, bit: number): boolean {
  return (((mask[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

/** SQL: whether a record has a value under one of these bits. */
export function presentSql(bits: readonly number[]): string {
  const tests = presentColumns.flatMap((column, i) => {
    const mask = bits.reduce((sum, bit) => (bit >>> 6 === i ? sum | (1n << BigInt(bit & 63)) : sum), 0n);
    return mask === 0n ? [] : [`bitAnd(${column}, ${mask}) != 0`];
  });
  return tests.length === 1 ? tests[0]! : `(${tests.join(' OR ')})`;
}
