import { randomBytes } from 'node:crypto';
import { type Expression, FilterError, parseFilter } from '@weir/flow';
import type { EventKind, TrafficEvent } from '../analysis/events/event.js';
import { WeirError } from '../error.js';
import { implies } from './implies.js';

/** What nobody is to be told of. What is absent is whatever it may be. */
export interface MutePattern {
  readonly kind?: EventKind;
  /** The name of a subject. */
  readonly subject?: string;
  /** In the filter language: subjects whose flows all fit. */
  readonly filter?: string;
  /** Milliseconds since the epoch; absent: for ever. */
  readonly until?: number;
}

export interface Mute extends MutePattern {
  readonly id: string;
  /** Who said so; absent: the configuration. */
  readonly by?: string;
  readonly comment?: string;
}

/** Mutes that are kept at a time. */
export const MOST_MUTES = 1000;

export const eventKinds = [
  'anomaly',
  'scan',
  'flood',
  'amplification',
  'new-talker',
  'silent-host',
  'quota',
] as const satisfies readonly EventKind[];

/** What is not told, until when. */
export class Mutes {
  readonly #fixed: readonly Mute[];
  #added: Mute[];
  readonly #filters = new Map<string, Expression>();
  /** Which mutes fit an event, whenever they hold: asked each second for all that is muted. */
  readonly #fitting = new Map<string, readonly Mute[]>();

  /** @param added at run time */
  constructor(fixed: readonly MutePattern[], added: readonly Mute[]) {
    this.#fixed = fixed.map((pattern, i) => ({ id: `configured-${i + 1}`, ...pattern }));
    this.#added = [...added];
  }

  /** All that hold, those of the configuration first. */
  list(now: number): readonly Mute[] {
    return [...this.#fixed, ...this.#added].filter(mute => holds(mute, now));
  }

  /** Those that were added at run time, and hold. */
  added(now: number): readonly Mute[] {
    return this.#added.filter(mute => holds(mute, now));
  }

  /** @throws WeirError for a filter that is none, or where there are too many */
  add(pattern: Omit<Mute, 'id'>, now: number): Mute {
    if (pattern.filter !== undefined) checkFilter(pattern.filter);
    this.#added = [...this.added(now)];
    if (this.#added.length >= MOST_MUTES)
      throw new WeirError(`${MOST_MUTES} mutes hold at the moment, and more are not kept; end some first`);
    const mute = { id: randomBytes(9).toString('base64url'), ...pattern };
    this.#added.push(mute);
    this.#fitting.clear();
    return mute;
  }

  /** @returns whether one was there that could be ended: those of the configuration are in the file */
  remove(id: string): boolean {
    const before = this.#added.length;
    this.#added = this.#added.filter(mute => mute.id !== id);
    this.#fitting.clear();
    return this.#added.length < before;
  }

  mutes(event: TrafficEvent, now: number): boolean {
    return this.#fit(event).some(mute => holds(mute, now));
  }

  /** Those by which nobody is told of an event. */
  of(event: TrafficEvent, now: number): readonly Mute[] {
    return this.#fit(event).filter(mute => holds(mute, now));
  }

  #fit(event: TrafficEvent): readonly Mute[] {
    const key = JSON.stringify([event.kind, event.subject.name, event.subject.filter]);
    const known = this.#fitting.get(key);
    if (known !== undefined) return known;
    if (this.#fitting.size >= 2 * MOST_MUTES) this.#fitting.clear();
    const fitting = [...this.#fixed, ...this.#added].filter(mute => this.#fits(mute, event));
    this.#fitting.set(key, fitting);
    return fitting;
  }

  #fits({ kind, subject, filter }: Mute, event: TrafficEvent): boolean {
    if (kind !== undefined && kind !== event.kind) return false;
    if (subject !== undefined && subject !== event.subject.name) return false;
    if (filter === undefined) return true;
    // All traffic is within no filter.
    if (event.subject.filter.trim() === '') return false;
    try {
      return implies(this.#parsed(event.subject.filter), this.#parsed(filter));
    } catch (error) {
      if (error instanceof FilterError) return false;
      throw error;
    }
  }

  #parsed(filter: string): Expression {
    const known = this.#filters.get(filter);
    if (known !== undefined) return known;
    if (this.#filters.size >= 2 * MOST_MUTES) this.#filters.clear();
    const expression = parseFilter(filter);
    this.#filters.set(filter, expression);
    return expression;
  }
}

function holds({ until }: MutePattern, now: number): boolean {
  return until === undefined || now < until;
}

function checkFilter(filter: string): void {
  try {
    parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterError) throw new WeirError(`filter: ${error.message}`);
    throw error;
  }
}

const FORM =
  'write KIND=FILTER or KIND="NAME OF A SUBJECT", with " until TIME" behind it where it is to end, for example any=net 192.0.2.0/24 until 2027-01-31T18:00:00Z';

/**
 * Reads a mute of the configuration.
 * @throws WeirError
 */
export function parseMute(text: string): MutePattern {
  const [, given, rest] = /^\s*([a-z-]+)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  const kind = eventKinds.find(each => each === given);
  if (rest === undefined || (kind === undefined && given !== 'any'))
    throw new WeirError(`alert-mute: "${text}" is no mute: ${FORM}; kinds are any, ${eventKinds.join(', ')}`);
  const [, what = '', time] = /^(.*?)(?:(?:^|\s+)until\s+(\S+))?$/s.exec(rest) ?? [];
  const until = time === undefined ? undefined : Date.parse(time);
  if (until !== undefined && !(/T.*(?:Z|[+-]\d\d:\d\d)$/.test(time!) && Number.isFinite(until)))
    throw new WeirError(`alert-mute: "${time}" is no time: write 2027-01-31T18:00:00Z, or with +01:00 for the Z`);
  const [, subject] = /^"(.*)"$/s.exec(what) ?? [];
  try {
    if (subject === undefined && what !== '') checkFilter(what);
  } catch (error) {
    throw new WeirError(`alert-mute: ${text}: ${(error as Error).message}; ${FORM}`);
  }
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(subject === undefined ? (what === '' ? {} : { filter: what }) : { subject }),
    ...(until === undefined ? {} : { until }),
  };
}
