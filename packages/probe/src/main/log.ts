/** How much a line matters: "error" where something is lost or does not work, "warning" where it soon may. */
export type Level = 'info' | 'warning' | 'error';

export type Log = (line: string, level?: Level) => void;
