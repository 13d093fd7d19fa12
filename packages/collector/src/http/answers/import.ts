import Type from 'typebox';
import { about, count } from './parts.js';

export const importResultSchema = Type.Object({
  messages: count(),
  records: count('Flow Records that are in the store now'),
  lostRecords: count('Data Records that the sequence numbers say were sent and that are not in the file'),
  malformedMessages: count(),
  unknownTemplateSets: count('Data Sets whose Template was not in the file before them'),
  problems: Type.Array(
    Type.Object({
      offset: count('octets from the beginning of the file'),
      reason: Type.String(),
      detail: Type.String(),
    }),
    about('what was left out; the first hundred'),
  ),
});
