/** What a Transport Session has seen. Every number only grows, but for lostRecords. */
export interface SessionCounters {
  messages: number;
  octets: number;
  /** Data Records, those of Options Templates included. */
  records: number;
  /** Template Records and Options Template Records accepted, repetitions included. */
  templates: number;
  /** Data Records missing by the sequence numbers; one that comes late is taken off again. */
  lostRecords: number;
  /** Messages that came behind a later one, or twice. */
  outOfOrder: number;
  /** Times that an Observation Domain began counting its sequence anew. */
  restarts: number;
  unknownTemplateSets: number;
  malformedMessages: number;
  /** Template Records refused because of a limit. */
  templatesRefused: number;
}

export function newCounters(): SessionCounters {
  return {
    messages: 0,
    octets: 0,
    records: 0,
    templates: 0,
    lostRecords: 0,
    outOfOrder: 0,
    restarts: 0,
    unknownTemplateSets: 0,
    malformedMessages: 0,
    templatesRefused: 0,
  };
}
