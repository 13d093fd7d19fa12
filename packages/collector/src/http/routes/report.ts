import { parseFilter, parseNetwork } from '@weir/flow';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { isTimeZone } from '../../analysis/billing/zone.js';
import { gather, type ReportAsked } from '../../reporting/gather.js';
import { reportPage, reportPolicy } from '../../reporting/html/page.js';
import { languages } from '../../reporting/html/texts.js';
import { lastWhole, periods } from '../../reporting/period.js';
import type { ScheduledState } from '../../reporting/schedule.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { json, octets } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Report, Reports } from '../types.js';

/** A report is of five-minute samples: of more days they would be too many for one answer. */
const MOST_DAYS = 62;
const DAY = 86_400_000;

const parameters = Type.Object({
  period: Type.Enum(periods, {
    default: 'week',
    description: 'the last one that is over, by the clocks of the time zone; weeks begin on Monday',
  }),
  from: Type.Optional(Type.String({ description: 'instead of a period: from this time on, as in other questions' })),
  to: Type.Optional(Type.String({ description: 'with from: up to this time; default now' })),
  timezone: Type.String({ default: 'UTC', maxLength: 64, description: 'IANA name, such as Europe/Berlin' }),
  network: Type.Optional(Type.String({ maxLength: 50, description: 'a prefix that it is about, and "in" is towards' })),
  filter: selectionParameters.filter,
  title: Type.String({ default: '', maxLength: 200, description: 'of the report; default: what it is about' }),
});
const pageParameters = Type.Object({
  ...parameters.properties,
  language: Type.Enum(languages, { default: 'en', description: 'that it is written in' }),
});

/** GET /api/v1/report: a page to print; /api/v1/report.json: what it is made of; /api/v1/reports: those that are made by themselves. */
export function reportRoutes(app: FastifyInstance, context: ApiContext): void {
  const list = 'Reports that are made by themselves, and how they are';
  app.get(
    '/api/v1/reports',
    { schema: { operationId: 'reports', description: list, response: json('Reports', list) } },
    async (): Promise<Reports> => ({ reports: context.reports.states(Date.now()).map(scheduledOf) }),
  );
  const description = 'A report of a week, or another time, compared with the time before';
  app.get<{ Querystring: Static<typeof pageParameters> }>(
    '/api/v1/report',
    {
      schema: {
        operationId: 'report',
        description: `${description}, as a page to read and print`,
        querystring: pageParameters,
        response: octets({ 'text/html': 'a page with nothing outside it' }),
      },
    },
    async ({ query }, reply) => {
      // Of an error, too: our own page has to be able to say what it is.
      reply.header('content-security-policy', `${reportPolicy}; frame-ancestors 'self'`);
      const report = await gather(context, askedOf(query), Date.now());
      return reply.type('text/html; charset=utf-8').send(reportPage(report, query.language, context.status().version));
    },
  );
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/report.json',
    {
      schema: {
        operationId: 'reportData',
        description,
        querystring: parameters,
        response: json('Report', description),
      },
    },
    async ({ query }): Promise<Report> => await gather(context, askedOf(query), Date.now()),
  );
}

function scheduledOf({ report, next, last, problem }: ScheduledState): Reports['reports'][number] {
  const { name, title, period, timeZone, network, filter, language, formats, directory, mail } = report;
  return {
    ...{ name, title, period, timezone: timeZone, language, formats: [...formats], directory, next },
    ...(network !== undefined && { network }),
    ...(filter !== undefined && { filter }),
    ...(mail !== undefined && { mail: mail.name }),
    ...(last !== undefined && { last }),
    ...(problem !== undefined && { problem }),
  };
}

/** @throws RequestError where it cannot be */
function askedOf(query: Static<typeof parameters>): ReportAsked {
  const { period, from, to, timezone: timeZone, network, filter, title } = query;
  const now = Date.now();
  if (!isTimeZone(timeZone))
    throw new RequestError(
      400,
      `timezone: there is no time zone "${timeZone}"; write an IANA name, such as Europe/Berlin`,
    );
  if (network !== undefined && parseNetwork(network) === undefined)
    throw new RequestError(400, `network: "${network}" is no network; write it as 10.0.0.0/8 or fd00::/8`);
  checkFilter(filter);
  const common = { title, timeZone, network, filter };
  if (from === undefined && to === undefined) return { ...common, ...lastWhole(period, timeZone, now) };
  if (from === undefined) throw new RequestError(400, 'to: needs from beside it');
  const { from: begin, to: end = now } = selectionOf({ from, ...(to !== undefined && { to }) }, now);
  if (end - begin! > MOST_DAYS * DAY)
    throw new RequestError(400, `from: a report is of ${MOST_DAYS} days at most; ask for several`);
  return { ...common, from: begin!, to: end };
}

/** Before it is put among other conditions, where its columns would be others. */
function checkFilter(filter: string | undefined): void {
  if (filter !== undefined && filter.trim() !== '') parseFilter(filter);
}
