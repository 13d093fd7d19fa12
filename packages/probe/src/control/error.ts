import type { Problem } from './types.js';

/** A request that cannot be done, with its HTTP status. */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    readonly status: 400 | 401 | 404 | 405 | 409 | 413 | 422,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}
