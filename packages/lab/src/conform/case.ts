/** What a case holds: what is required, where that stands, and how much it is required. */
export interface CaseInfo {
  /** Stable, unique, the name by which people pick and compare cases. */
  readonly id: string;
  readonly title: string;
  /** Where it stands, as "RFC 7011 8.1". */
  readonly section: string;
  /** What RFC 5471 alone asks for counts as SHOULD: it guides testers and requires nothing. */
  readonly level: 'MUST' | 'SHOULD';
}

/** "not observable": nothing was seen that shows it right or wrong, so it is neither. */
export type Outcome = 'passed' | 'failed' | 'not observable';

/** How a case went, and what was seen, in words for people. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly why: string;
}

/** A verdict on one subject over one transport. */
export interface Result extends Verdict {
  readonly info: CaseInfo;
  readonly subject: string;
  readonly transport: Transport;
}

export type Transport = 'udp' | 'tcp';

export const passed = (why = ''): Verdict => ({ outcome: 'passed', why });
export const failed = (why: string): Verdict => ({ outcome: 'failed', why });
export const notObservable = (why: string): Verdict => ({ outcome: 'not observable', why });

/** The first few of many, for people. */
export function some(lines: readonly string[], most = 3): string {
  const more = lines.length - most;
  return `${lines.slice(0, most).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
