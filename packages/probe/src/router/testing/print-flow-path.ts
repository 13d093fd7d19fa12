import { calls } from '../../host/quickjs-calls.js';
import { exportedBy, meterFlows, nowhere } from './flow-path.js';

/** With a number: meters so many, to have its instructions counted. Without one: prints the Messages of 500. */
const [, number] = calls.arguments;
if (number === undefined) {
  const { print } = globalThis as unknown as { print: (line: string) => void };
  for (const line of exportedBy(500)) print(line);
} else meterFlows(Number(number), nowhere);
