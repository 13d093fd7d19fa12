/** Changes of a letter that a slip may have made. */
const SLIPS = 2;

/** The word that was most likely meant, where one is alike; "_" is as good as "-". */
export function mostAlike(word: string, words: readonly string[]): string | undefined {
  const given = word.toLowerCase().replaceAll('_', '-');
  const near = words
    .map(each => ({ each, changes: changesBetween(given, each) }))
    .sort((a, b) => a.changes - b.changes);
  return near[0] !== undefined && near[0].changes <= Math.min(SLIPS, word.length / 3) ? near[0].each : undefined;
}

/** Letters to put in, take out or replace to make one of the other (Wagner and Fischer 1974). */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
