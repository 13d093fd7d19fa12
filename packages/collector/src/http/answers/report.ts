/** Schema of what GET /api/v1/report.json answers, of which the printed report is made. */
import Type from 'typebox';
import { languages } from '../../reporting/html/texts.js';
import { periods } from '../../reporting/period.js';
import { bottlenecksSchema } from './bottlenecks.js';
import { eventKinds, trafficEventSchema } from './events.js';
import { about, count, optional, time } from './parts.js';
import { qualitySeriesSchema } from './quality.js';
import { summarySchema } from './summary.js';

const octets = (description: string) => Type.Number({ minimum: 0, description: `octets; ${description}` });
const directions = { in: octets('towards the networks that "in" is towards'), out: octets('away from them') };
const rate = (description: string) => Type.Number({ minimum: 0, description: `bit/s; ${description}` });
const rates = Type.Object({
  mean: rate('over the whole time'),
  p95: rate('95 of 100 samples of five minutes have no more'),
  peak: rate('the highest of these samples'),
});

export const reportsSchema = Type.Object({
  reports: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(about('empty: what it is about')),
      period: Type.Enum(periods),
      timezone: Type.String(about('IANA name')),
      network: optional(Type.String(about('a prefix that it is about'))),
      filter: optional(Type.String(about('only of what fits'))),
      language: Type.Enum(languages),
      formats: Type.Array(Type.Enum(['html', 'pdf'])),
      directory: Type.String(about('where its files are')),
      mail: optional(Type.String(about('name of the channel by which it is sent'))),
      next: time('when the next one is due, or the one is tried again that failed'),
      last: optional(time('end of the last period whose report was made since the collector started')),
      problem: optional(Type.String(about('why the last one could not be made'))),
    }),
    about('in the order of the configuration'),
  ),
});

export const reportTopSchema = Type.Object({
  value: Type.Union([Type.String(), Type.Number(), Type.Null()], {
    description: 'address, port, number of an AS or code of a country; null where the records do not say',
  }),
  protocol: optional(Type.Number(about('of a service'))),
  name: optional(Type.String(about('of a host or an AS'))),
  octets: octets('of both directions'),
  flows: count('Flows'),
  before: optional(octets('in the time before; absent where the value is not told')),
});
const top = (what: string) => Type.Array(reportTopSchema, about(`${what} with the most octets of both directions`));

export const reportSchema = Type.Object({
  title: Type.String(),
  from: time(),
  to: time(),
  before: Type.Object({ from: time(), to: time() }, about('what it is compared with')),
  timezone: Type.String(about('IANA name: days and hours are by its clocks')),
  made: time('when it was made'),
  filter: Type.String(about('what it is of; empty: all traffic')),
  traffic: Type.Object(
    {
      days: Type.Array(
        Type.Object({
          date: Type.String(about('2026-10-05')),
          from: time('when it begins'),
          ...directions,
          before: octets('both directions, on the day that is as far into the time before'),
        }),
      ),
      hours: Type.Object({
        times: Type.Array(time(), about('start of each hour')),
        in: Type.Array(Type.Number(), about('octets')),
        out: Type.Array(Type.Number(), about('octets')),
        before: Type.Array(Type.Number(), about('octets of both directions, as many hours into the time before')),
      }),
      total: Type.Object(directions),
      totalBefore: Type.Object(directions),
      in: rates,
      out: rates,
      inBefore: rates,
      outBefore: rates,
    },
    about("of /api/v1/series, spread over each record's own interval"),
  ),
  summary: Type.Object(summarySchema.properties, about('as /api/v1/summary')),
  summaryBefore: Type.Object(summarySchema.properties, about('of the time before')),
  tops: Type.Object({
    sources: top('hosts that began flows'),
    destinations: top('hosts that answered'),
    services: top('services'),
    networks: top('networks of destinations, by AS'),
    countries: top('countries of destinations'),
    named: top('networks of the configuration, as sources'),
  }),
  quality: qualitySeriesSchema,
  events: Type.Object({
    kinds: Type.Array(Type.Object({ kind: Type.Enum(eventKinds), count: count() }), about('the most first')),
    list: Type.Array(trafficEventSchema, about('the newest first, at most 1,000')),
  }),
  links: optional(
    Type.Array(
      bottlenecksSchema.properties.links.items,
      about('as /api/v1/bottlenecks; absent where there is a filter'),
    ),
  ),
  meshes: Type.Array(
    Type.Object({
      topology: Type.String(),
      links: Type.Array(
        Type.Object({
          source: Type.String(about('name of the node')),
          target: Type.String(),
          forward: rate('on average, from source to target'),
          reverse: rate('on average, back'),
        }),
        about('the busiest first'),
      ),
    }),
  ),
  accounts: Type.Array(
    Type.Object({
      account: Type.String(),
      month: Type.String(about('2026-10')),
      used: Type.Union([Type.Number(), Type.String()], about('octets')),
      octets: Type.Union([Type.Number(), Type.String()], about('of the quota')),
      share: Type.Number(about('1: all of it is used')),
      open: Type.Boolean(about('whether the month goes on')),
    }),
    about('accounts with quotas, in the month in which the time ends'),
  ),
  exporters: Type.Array(
    Type.Object({
      address: Type.String(),
      flows: count('in the time'),
      octets: octets('of both directions, in the time'),
      records: optional(count('since the collector started')),
      lost: optional(count('records that never came, since the collector started')),
      lastSeen: optional(time('absent where it was not heard since the collector started')),
    }),
    about('those with flows in the time'),
  ),
  collectorSince: time('when the collector started'),
});
