/** How much a line matters: "error" where something is lost or does not work, "warning" where it soon may. */
export type Level = 'info' | 'warning' | 'error';

let asJson = false;

/** Log lines from now on as text, or as JSON objects with time, level and message. */
export function setLogFormat(format: 'text' | 'json'): void {
  asJson = format === 'json';
}

/** A line on standard error. */
export function log(message: string, level: Level = 'info'): void {
  if (asJson) process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
  else process.stderr.write(`${clearLine()}weir: ${message}\n`);
}

/** A line for the person who started the command; under --log-format json a log line like the others. */
export function tell(message: string): void {
  if (asJson) log(message);
  else process.stderr.write(`${clearLine()}${message}\n`);
}

/** A status line stands where it was written last, until the next line of any process on this terminal takes its place. */
export function writeStatus(text: string): void {
  process.stderr.write(`${clearLine()}${text.slice(0, (process.stderr.columns || 80) - 1)}`);
}

/** Status lines are for people who look on. */
export function hasStatusLine(): boolean {
  return process.stderr.isTTY === true && !asJson;
}

function clearLine(): string {
  return process.stderr.isTTY ? '\r\x1b[K' : '';
}
