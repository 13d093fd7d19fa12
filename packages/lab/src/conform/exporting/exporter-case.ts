import { type CaseInfo, failed, notObservable, passed, some, type Verdict } from '../case.js';
import { type Heard, type Placed, placeText } from './heard.js';

/** What is known of the circumstances. */
export interface Circumstances {
  /** Octets of a packet on the way to here. */
  readonly mtu: number;
}

/** A case of an Exporting Process: judges what was heard of it. */
export interface ExporterCase extends CaseInfo {
  /** What is looked at, for people. */
  readonly looks: string;
  judge(heard: Heard, circumstances: Circumstances): Verdict;
}

/** Failed with the problems, if any; else passed, where anything of the kind was seen. */
export function verdict(problems: readonly string[], isSeen: boolean, unseen: string): Verdict {
  if (problems.length > 0) return failed(some(problems));
  return isSeen ? passed() : notObservable(unseen);
}

/** Judges each of many: what `problemOf` says of one, or undefined where it is right. Repetitions are said once. */
export function each<T>(
  things: Iterable<Placed<T>>,
  unseen: string,
  problemOf: (placed: Placed<T>) => string | undefined,
): Verdict {
  const problems = new Map<string, string>();
  let isSeen = false;
  for (const placed of things) {
    isSeen = true;
    const problem = problemOf(placed);
    if (problem !== undefined && !problems.has(problem)) problems.set(problem, `${problem} (${placeText(placed)})`);
  }
  return verdict([...problems.values()], isSeen, unseen);
}

/** Judges by the faults that the strict reader found. */
export function byFaults(heard: Heard, rules: readonly string[], isSeen: boolean, unseen: string): Verdict {
  const problems: string[] = [];
  for (const session of heard.sessions) {
    for (const message of session.messages) {
      for (const { rule, at, detail } of message.faults) {
        if (rules.includes(rule)) problems.push(`${detail} (${placeText({ session, message })}, octet ${at})`);
      }
    }
  }
  return verdict(problems, isSeen, unseen);
}
