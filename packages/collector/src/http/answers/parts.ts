/**
 * What the schemas of answers are made of.
 * Times are milliseconds since the Unix epoch, rates octets or packets per second, addresses text.
 * Counts are JSON numbers; a count beyond 2^53-1 is rounded, and exact in /api/v1/records.
 */
import Type, { type TSchema, type TSchemaOptions } from 'typebox';

export const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
export const time = (description?: string) =>
  Type.Number({
    description: `${description === undefined ? '' : `${description}; `}milliseconds since the Unix epoch`,
  });
export const port = () => Type.Integer({ minimum: 0, maximum: 65_535 });
export const octet = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: 255, ...(description === undefined ? {} : { description }) });
export const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);
export const about = (description: string): TSchemaOptions => ({ description });
/** A number that is text where a JSON number cannot hold it. */
export const exact = (description: string) =>
  Type.Union([Type.Integer({ minimum: 0 }), Type.String()], { description });
