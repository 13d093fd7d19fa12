/** A number for people. */
export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 3 });
}

/** "1 flow", "1,006 flows". */
export function counted(count: number, word: string): string {
  return `${number(count)} ${word}${count === 1 ? '' : 's'}`;
}
