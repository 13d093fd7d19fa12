/** What a Transport Session has seen. Every number only grows, but for those of what is lost. */
export interface SessionCounters {
  messages: number;
  octets: number;
  /** Data Records, those of Options Templates included. */
  records: number;
  /** Template Records and Options Template Records accepted, repetitions included. */
  templates: number;
  /** Data Records missing by the sequence numbers; one that comes late is taken off again. */
  lostRecords: number;
  /** NetFlow v9 Messages missing by the sequence numbers, which there do not tell of records; likewise. */
  lostMessages: number;
  /** Messages that came behind a later one, or twice. */
  outOfOrder: number;
  /** Times that an Observation Domain began counting its sequence anew. */
  restarts: number;
  unknownTemplateSets: number;
  malformedMessages: number;
  /** Template Records refused because of a limit. */
  templatesRefused: number;
  /** Lists (RFC 6313) that decodeRecords could not read to their end: malformed, over a limit, of an unknown Template. */
  listsCut: number;
  /** Elements told of by type information (RFC 5610) and not taken. */
  elementsRefused: number;
}

export function newCounters(): SessionCounters {
  return {
    messages: 0,
    octets: 0,
    records: 0,
    templates: 0,
    lostRecords: 0,
    lostMessages: 0,
    outOfOrder: 0,
    restarts: 0,
    unknownTemplateSets: 0,
    malformedMessages: 0,
    templatesRefused: 0,
    listsCut: 0,
    elementsRefused: 0,
  };
}
