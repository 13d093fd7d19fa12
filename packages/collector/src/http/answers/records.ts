import Type from 'typebox';
import { about, count } from './parts.js';

/** A line of /api/v1/records. */
export const recordLineSchema = Type.Object(
  {
    exportTime: Type.String(),
    observationDomainId: count(),
    templateId: count(),
    record: Type.Record(
      Type.String(),
      Type.Unknown(),
      about('values by IANA name; integers beyond 2^53-1 are text, times RFC 3339, octetArray hexadecimal'),
    ),
  },
  about('one Flow Record'),
);
