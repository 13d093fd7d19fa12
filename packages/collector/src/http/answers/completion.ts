import Type from 'typebox';
import { about, count, optional } from './parts.js';

export const completionSchema = Type.Object(
  {
    from: count(),
    to: count('the part of the text, from `from` to before `to`, counted from 0, is what a suggestion replaces'),
    suggestions: Type.Array(
      Type.Object({
        text: Type.String(),
        kind: Type.Enum(['keyword', 'field', 'operator', 'value']),
        detail: optional(Type.String(about('what it means'))),
      }),
    ),
  },
  about('what can stand at the cursor; nothing where the text before has a mistake'),
);
