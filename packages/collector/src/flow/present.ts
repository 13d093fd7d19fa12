/** The `present` mask with these bits, as a decimal literal of the engine. */
export function maskOf(bits: readonly number[]): string {
  return bits.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n).toString();
}

/** SQL: whether a record has a value under one of these bits. */
export function presentSql(bits: readonly number[]): string {
  return `bitAnd(present, ${maskOf(bits)}) != 0`;
}
