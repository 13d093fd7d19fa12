import Type from 'typebox';
import { about, count, exact, optional, time } from './parts.js';

const measure = () =>
  Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('max'), Type.Literal('sum')], {
    description: 'of what: one direction, the larger one, or both together',
  });
/** A change may be negative. */
const octets = (what: string) =>
  Type.Union([Type.Integer(), Type.String()], { description: `${what}; text beyond 2^53-1` });
const volumes = {
  in: octets('octets that what is inside the account received'),
  out: octets('octets that it sent'),
  within: octets('octets between two ends inside it, which are neither in nor out'),
};
const rate = (what: string) => Type.Number(about(`bits per second, ${what}`));

export const statementSchema = Type.Object(
  {
    account: Type.String(),
    month: Type.String(about('as 2026-10, by the month of the calendar that it begins in')),
    from: time(),
    to: time('end of the month'),
    timeZone: Type.String(),
    until: time('until when it counts: "to", or earlier in a month that goes on'),
    octets: Type.Object(volumes),
    samples: count('of five minutes'),
    emptySamples: count('of them those without traffic, which count as zero'),
    percentile: Type.Object({
      percent: count(),
      of: measure(),
      billed: rate('of what the account says'),
      in: rate('in'),
      out: rate('out'),
      max: rate('the larger one of both'),
      sum: rate('of both directions together'),
    }),
    quota: optional(
      Type.Object({
        octets: exact('of the month'),
        of: measure(),
        used: octets('octets'),
        share: Type.Number(about('1 where all of it is used')),
        warnings: Type.Array(
          Type.Object({ percent: count('of the quota'), at: time('by then it was reached') }),
          about('those that were reached'),
        ),
      }),
    ),
    days: Type.Array(Type.Object({ date: Type.String(about('2026-10-05')), ...volumes })),
    definition: Type.Object({
      inside: Type.Object({
        kind: Type.Union([
          Type.Literal('networks'),
          Type.Literal('macs'),
          Type.Literal('interfaces'),
          Type.Literal('local'),
        ]),
        values: Type.Array(Type.String()),
      }),
      filter: Type.String(about('empty where everything counts')),
    }),
    definedAt: time('since when the account has this definition'),
    countedFrom: time('Flows that were received before may be missing'),
  },
  about('what an account had in a month'),
);

const entryParts = {
  number: count('1 for the statement; of a correction one more than that of the entry which it corrects'),
  at: time('when it was made'),
  by: Type.String(about('"weir", or who asked for it')),
  reason: Type.String(about('of a correction')),
};

export const billSchema = Type.Object({
  state: Type.Union([Type.Literal('open'), Type.Literal('ended'), Type.Literal('closed')], {
    description: 'the month goes on; it is over and has no statement yet; it has one',
  }),
  statement: statementSchema,
  entry: optional(Type.Object(entryParts, about('the newest one of a closed month, which the statement is of'))),
  late: optional(Type.Object(volumes, about('what its sums have become more, or less, since that entry'))),
});

export const billsSchema = Type.Object({ bills: Type.Array(billSchema) });

export const billingEntrySchema = Type.Object(
  { account: Type.String(), month: Type.String(), ...entryParts, statement: statementSchema },
  about('a statement, or a correction; it never changes'),
);

export const billingEntriesSchema = Type.Object({
  entries: Type.Array(billingEntrySchema, about('by account, month and number')),
});
