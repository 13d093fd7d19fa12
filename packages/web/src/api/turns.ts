/** Questions at a time: the collector answers few at once, and the plot must not wait behind tables. */
const MOST = 3;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs `run` when it is its turn; not at all where `signal` was aborted by then. */
export async function inTurn<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  if (running >= MOST) await new Promise<void>(resolve => waiting.push(resolve));
  else running++;
  try {
    signal.throwIfAborted();
    return await run();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
