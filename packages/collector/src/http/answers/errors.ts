import Type from 'typebox';
import { about, optional } from './parts.js';

export const errorResponseSchema = Type.Object(
  { error: Type.String(), column: optional(Type.Integer({ minimum: 1, description: 'of a filter: where, from 1' })) },
  about('what is wrong'),
);
