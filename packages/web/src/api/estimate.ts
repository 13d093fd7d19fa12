/** Questions that are content with an estimate, and the error of the answers that are one, by the signals that they are asked with. */
const wanted = new WeakMap<AbortSignal, { error: number | undefined }>();

export interface Estimated<T> {
  answer: T;
  /** The relative standard error; undefined where the answer is exact. */
  error: number | undefined;
}

/** Asks so that the collector may answer with an estimate, where the exact answer would take long. */
export async function estimated<T>(
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<Estimated<T>> {
  const asked = new AbortController();
  const stop = (): void => asked.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop);
  const found = { error: undefined };
  wanted.set(asked.signal, found);
  try {
    const answer = await run(asked.signal);
    return { answer, error: found.error };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export function wantsEstimate(signal: AbortSignal | undefined): boolean {
  return signal !== undefined && wanted.has(signal);
}

/** @param error what an answer says of itself; null where it is exact. The least exact answer counts. */
export function tellEstimate(signal: AbortSignal | undefined, error: string | null): void {
  const found = signal && wanted.get(signal);
  if (found !== undefined && error !== null) found.error = Math.max(found.error ?? 0, Number(error));
}
