import { Mutator, randomFrom } from '../../packages/ipfix/src/testing/mutate.js';
import { reachable } from '../../packages/ipfix/src/testing/reachable.js';

/** What sees octets from outside. */
export interface Parser {
  /** What it is meant for: what comes is made of these. */
  readonly seeds: readonly Uint8Array[];
  /** Words of its language, if it is text: another word in place of one gets past what changed octets do not. */
  readonly words?: readonly string[];
  /** Takes octets from outside. Where it refuses them it throws an error for people (WeirError). */
  take(octets: Uint8Array): void | Promise<void>;
}

export interface Report {
  readonly cases: number;
  /** Cases that were refused with an error for people. */
  refused: number;
  /** The longest that a case took, milliseconds of this thread's processor time. */
  slowest: number;
  /** The most octets that were reachable after a thousand cases, beyond those after the first thousand. */
  retained: number;
}

const CASES_PER_LOOK = 1000;

/**
 * Gives a parser mutations of its seeds. A failure can be repeated with the same seed.
 *
 * @throws Error with the case and its octets where the parser throws anything but an error for people
 */
export async function hammer(parser: Parser, cases: number, seed: number): Promise<Report> {
  const random = randomFrom(seed);
  const mutator = new Mutator(random);
  const report: Report = { cases, refused: 0, slowest: 0, retained: 0 };
  let before = 0;
  for (let i = 0; i < cases; i++) {
    const { seeds, words } = parser;
    const index = random(seeds.length);
    const octets =
      words === undefined || i % 2 === 0 ? mutator.mutate(seeds, index) : withWord(seeds[index]!, words, random);
    await attempt(parser, octets, report, `seed ${seed}, case ${i}`);
    if (i === CASES_PER_LOOK) before = reachable();
    else if (i % CASES_PER_LOOK === 0 && i > 0) report.retained = Math.max(report.retained, reachable() - before);
  }
  return report;
}

async function attempt(parser: Parser, octets: Uint8Array, report: Report, name: string): Promise<void> {
  const { user, system } = process.cpuUsage();
  try {
    await parser.take(octets);
  } catch (error) {
    if (!isForPeople(error)) throw new Error(`${name}: ${Buffer.from(octets).toString('hex')}`, { cause: error });
    report.refused++;
  }
  const spent = process.cpuUsage({ user, system });
  report.slowest = Math.max(report.slowest, (spent.user + spent.system) / 1000);
}

/** A WeirError of any package: one line that says what is wrong. */
function isForPeople(error: unknown): boolean {
  return error instanceof Error && /^(WeirError|FilterError)$/.test(error.name) && !error.message.includes('\n');
}

/** One of the words of a text is another, gone, or followed by one more. */
function withWord(seed: Uint8Array, words: readonly string[], random: (below: number) => number): Uint8Array {
  const parts = Buffer.from(seed).toString().split(' ');
  const at = random(parts.length);
  const [word, other] = [words[random(words.length)]!, parts[random(parts.length)]!];
  parts.splice(at, random(2), ...[[word], [other], [], [word, other]][random(4)]!);
  return Buffer.from(parts.join(' '));
}
