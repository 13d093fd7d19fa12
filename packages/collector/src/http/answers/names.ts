import Type from 'typebox';
import { about } from './parts.js';

export const namesSchema = Type.Object(
  { as: Type.Record(Type.String(), Type.String(), about('names by AS number; absent where none is known')) },
  about('names of what is stored as a number'),
);
