/** `; did you mean "x"?` where one of the words is near, else all of them. */
export function suggest(word: string, words: readonly string[]): string {
  const [nearest] = words
    .map(each => ({ each, distance: editDistance(word, each) }))
    .filter(({ distance }) => distance <= Math.ceil(word.length / 3) && distance < word.length)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? `; there are ${words.join(', ')}` : `; did you mean "${nearest.each}"?`;
}

/** Letters to put in, take out or change (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
