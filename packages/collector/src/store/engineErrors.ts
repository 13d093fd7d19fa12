/** Longest run of a query, seconds. */
export const QUERY_SECONDS = 60;
/** Largest answer of a query, octets before the text form. */
export const RESULT_OCTETS = 256 * 2 ** 20;

/** The engine's error codes for limits, in words that say what to do. */
const limits: Readonly<Record<number, string>> = {
  159: `the query took longer than ${QUERY_SECONDS} s; ask for a shorter time, or for less`,
  241: 'the query needs more memory than the memory limit of the store; ask for a shorter time, or for fewer groups',
  396: `the answer is larger than ${RESULT_OCTETS / 2 ** 20} MiB; ask for a shorter time, or for the top groups only`,
};

/**
 * What the engine may do later and cannot do now. Out of time, file descriptors, memory, disk or part numbers; of servers: too many
 * queries, the same insert still running, a replica without its Keeper, peers away, rights that somebody must give first.
 */
const passing: ReadonlySet<number> = new Set([
  74, 75, 76, 159, 173, 241, 243, 252, 202, 203, 209, 210, 216, 225, 236, 242, 279, 285, 286, 319, 394, 425, 497, 516,
  999,
]);

/** Whether the engine may take later what it has refused with this message. */
export function passes(message: string): boolean {
  return passing.has(codeOf(message));
}

function codeOf(message: string): number {
  return Number(/^Code: (\d+)\./.exec(message)?.[1]);
}

/** An error of the engine with what people can do about it, where they can. Else its own first line. */
export function forPeople(error: Error): Error {
  return new Error(limits[codeOf(error.message)] ?? firstLine(error));
}

/** The message without the stack and other lines that the engine adds. */
export function firstLine(error: Error): string {
  return error.message.split('\n', 1)[0]!;
}
