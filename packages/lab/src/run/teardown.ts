type Undo = () => void;

const pending = new Set<Undo>();
let armed = false;

/**
 * Remembers how to undo something, so that it is undone even when the process ends early: by an exception, process.exit or a
 * signal. The function must be synchronous. Returns the function that undoes it now (once).
 */
export function onTeardown(undo: Undo): Undo {
  arm();
  const once = (): void => {
    if (pending.delete(once)) undo();
  };
  pending.add(once);
  return once;
}

/** Undoes everything remembered, newest first. */
function undoAll(): void {
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch (problem) {
      console.error(`teardown: ${problem instanceof Error ? problem.message : problem}`);
    }
  }
}

function arm(): void {
  if (armed) return;
  armed = true;
  process.once('exit', undoAll);
  for (const [signal, number] of [['SIGINT', 2] as const, ['SIGTERM', 15] as const, ['SIGHUP', 1] as const]) {
    process.once(signal, () => process.exit(128 + number));
  }
}
