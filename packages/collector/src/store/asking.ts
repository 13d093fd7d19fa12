import { AsyncLocalStorage } from 'node:async_hooks';

/** Of whoever asks the store: a signal that ends the queries when it is aborted. Without one, queries run to their end. */
export const asking = new AsyncLocalStorage<AbortSignal>();
