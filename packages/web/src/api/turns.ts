/** Questions at a time: the collector answers few at once. */
const MOST = 4;

/** `now`: at once, as the plot must not wait behind tables. `late`: when nobody waits for a first answer, such as an estimate. */
export type Turn = 'now' | 'soon' | 'late';

let running = 0;
/** Of these those that bring a first answer. */
let first = 0;
const waiting: Record<'soon' | 'late', (() => void)[]> = { soon: [], late: [] };

/** Runs `run` when it is its turn; not at all where `signal` was aborted by then. */
export async function inTurn<T>(signal: AbortSignal, run: () => Promise<T>, turn: Turn = 'soon'): Promise<T> {
  const one = Number(turn !== 'late');
  first += one;
  if (turn === 'now') running++;
  else {
    await new Promise<void>(resolve => {
      waiting[turn].push(resolve);
      // Who is about to ask for a first answer, because of one that came just now, does so before.
      setTimeout(admit);
    });
  }
  try {
    signal.throwIfAborted();
    return await run();
  } finally {
    running--;
    first -= one;
    setTimeout(admit);
  }
}

function admit(): void {
  while (running < MOST) {
    const next = waiting.soon.shift() ?? (first === 0 ? waiting.late.shift() : undefined);
    if (next === undefined) return;
    running++;
    next();
  }
}
