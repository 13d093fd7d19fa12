import { WeirError } from '../../error.js';

/** What a place had when it was read. */
export interface Content {
  readonly octets: readonly Uint8Array[];
  /** By this it is told whether it has changed since. */
  readonly mark?: string | undefined;
  /** Many files, one of which may be half written or something else. */
  readonly isDirectory?: boolean;
}

/** More than any topology has; what is read of a hostile server ends here. */
export const MOST_OCTETS = 64 * 1024 * 1024;

export function tooMuch(where: string): WeirError {
  return new WeirError(
    `${where} has more than ${MOST_OCTETS / 1024 / 1024} MB: look whether it is the right one, or read a part of it`,
  );
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there: create it, or mend the path',
  EACCES: 'may not be read: let the user that Weir runs as read it',
  ENOTDIR: 'is not there: a part of the path is no directory',
  ECONNREFUSED: 'does not answer, nothing listens there: look whether the program runs, and on which port',
  ECONNRESET: 'broke the connection off: look into its log',
  ENOTFOUND: 'cannot be found: look whether the name is right, and whether names are resolved here',
  EAI_AGAIN: 'cannot be found: no server that resolves names answers',
  EHOSTUNREACH: 'cannot be reached: there is no route to it',
  ENETUNREACH: 'cannot be reached: there is no route to it',
  ETIMEDOUT: 'does not answer: look whether it is up, and whether a firewall is between',
  UND_ERR_SOCKET: 'broke the connection off: look into its log',
};

/** What went wrong while reading a place, for people. */
export function explained(where: string, error: unknown): WeirError {
  if (error instanceof WeirError) return error;
  const { name, code, cause, message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') {
    return new WeirError(`${where} did not answer wholly in time: look whether it is up, or too busy`);
  }
  const reason = code ?? (cause as NodeJS.ErrnoException | undefined)?.code;
  const meaning = reason === undefined ? undefined : MEANINGS[reason];
  return new WeirError(
    `${where} ${meaning ?? `could not be read: ${(cause as Error | undefined)?.message ?? message}`}`,
  );
}
