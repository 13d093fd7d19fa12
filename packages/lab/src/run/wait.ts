import { setTimeout as sleep } from 'node:timers/promises';
import { WeirError } from '../error.js';

export { sleep };

/**
 * Asks `probe` again and again until it answers something other than undefined, and returns that.
 * Throws a WeirError naming `what` after `seconds`, with the last thing that `explain` has to say.
 */
export async function until<T>(
  what: string,
  seconds: number,
  probe: () => T | undefined | Promise<T | undefined>,
  explain: () => string = () => '',
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      throw new WeirError(`${what} did not come within ${seconds} s. ${explain()}`.trim());
    }
    await sleep(100);
  }
}
