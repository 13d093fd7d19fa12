import { elementCases } from './cases-elements.js';
import { malformedCases } from './cases-malformed.js';
import { optionsCases } from './cases-options.js';
import { recordCases } from './cases-records.js';
import { sequenceCases } from './cases-sequence.js';
import { sessionCases } from './cases-sessions.js';
import { setCases } from './cases-sets.js';
import { templateCases } from './cases-templates.js';
import type { CollectorCase } from './collector-case.js';

/** Every case of a Collecting Process, in the order in which they run: what is most likely to break one comes last. */
export const collectorCases: readonly CollectorCase[] = [
  ...recordCases,
  // Early, because a collector may list but so many Observation Domains, and these ask for its list.
  ...optionsCases,
  ...sequenceCases,
  ...elementCases,
  ...setCases,
  ...templateCases,
  ...sessionCases,
  ...malformedCases,
];
