import type { AlertMessage } from '../message.js';

/** Sends messages one way. */
export interface Sender {
  /** Where to, for people: the host, and nothing that is as good as a password. */
  readonly where: string;
  /**
   * @returns what came of it, for people
   * @throws Error where the receiver did not take it; its message says why
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<string>;
}
