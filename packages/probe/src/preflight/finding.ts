/** Something that preflight looked at. */
export interface Finding {
  /** Stable name, such as "accounting". */
  readonly id: string;
  /** "problem" spoils the measurement and can be mended; "fatal" prevents it; "note" is worth knowing. */
  readonly level: 'ok' | 'note' | 'problem' | 'fatal';
  /** What was found, in one line. */
  readonly what: string;
  /** What that means for the measurement. Empty where all is well. */
  readonly meaning: string;
  /** The command that mends it, where there is one. */
  readonly command?: string;
  /** `weir doctor --fix` and `weir up` mend it. */
  readonly fixable: boolean;
}

export function ok(id: string, what: string): Finding {
  return { id, level: 'ok', what, meaning: '', fixable: false };
}

export function note(id: string, what: string, meaning: string, command?: string): Finding {
  return { id, level: 'note', what, meaning, fixable: false, ...(command === undefined ? {} : { command }) };
}

export function problem(id: string, what: string, meaning: string, command: string, fixable: boolean): Finding {
  return { id, level: 'problem', what, meaning, command, fixable };
}

export function fatal(id: string, what: string, meaning: string, command?: string): Finding {
  return { id, level: 'fatal', what, meaning, fixable: false, ...(command === undefined ? {} : { command }) };
}

/** A finding that is in the way, in one line. */
export function describe({ what, meaning, command }: Finding): string {
  return `${what}: ${meaning}.${command === undefined ? '' : ` -> ${command}`}`;
}

/** Those with one of the ids; all where none are named. */
export function chosen(findings: Finding[], ids: readonly string[] | undefined): Finding[] {
  return ids === undefined ? findings : findings.filter(({ id }) => ids.includes(id));
}
