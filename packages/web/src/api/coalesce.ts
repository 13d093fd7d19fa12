/**
 * Turns any number of calls into few runs: at most one run at a time, its successor starting no earlier than `gap`
 * milliseconds after it started, and always one run after the last call. A run that fails is run again.
 */
export function coalesce(run: () => Promise<void>, gap: number): { trigger(): void; stop(): void } {
  let wanted = false;
  let busy = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const start = (): void => {
    if (busy || !wanted || stopped) return;
    wanted = false;
    busy = true;
    const next = new Promise(resolve => {
      timer = setTimeout(resolve, gap);
    });
    Promise.all([
      run().catch(() => {
        wanted = true;
      }),
      next,
    ]).then(() => {
      busy = false;
      start();
    });
  };

  return {
    trigger() {
      wanted = true;
      start();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
