/** The one argument of every traffic program: its order as JSON. */
export function order<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}

/** Prints one line of JSON: what a traffic program did. */
export function tell(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
