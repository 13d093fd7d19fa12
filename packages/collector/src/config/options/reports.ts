import { join, resolve } from 'node:path';
import { FilterError, parseFilter, parseNetwork } from '@weir/flow';
import Type, { type Static } from 'typebox';
import type { ChannelSettings, MailSettings } from '../../alerting/channel-settings.js';
import { isTimeZone } from '../../analysis/billing/zone.js';
import { WeirError } from '../../error.js';
import { type Language, languages } from '../../reporting/html/texts.js';
import { type Period, periods } from '../../reporting/period.js';

const text = (description: string, maxLength: number) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength }));

const reportSchema = Type.Object(
  {
    name: Type.String({
      description: 'name, of its files, too: letters, digits and _ . -, at most 64',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
    }),
    period: Type.Optional(
      Type.Enum(periods, {
        description: 'of what it is: each day, each week on Monday, or each month',
        default: 'week',
      }),
    ),
    at: Type.Optional(
      Type.String({
        description: 'when it is made, on the day after the period',
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        default: '06:00',
      }),
    ),
    timezone: text('IANA time zone of that, of its weeks and its days, such as Europe/Berlin; default UTC', 64),
    network: text('only of this prefix, as seen from it', 50),
    filter: text('only of what fits', 4000),
    title: text('its title; default: what it is about', 200),
    language: Type.Optional(Type.Enum(languages, { description: 'that it is written in', default: 'en' })),
    formats: Type.Optional(
      Type.Array(Type.Enum(['html', 'pdf']), {
        description: 'html: a page; pdf: printed by the browser of this machine (chromium)',
        default: ['html'],
        minItems: 1,
        maxItems: 2,
      }),
    ),
    directory: text('where its files are kept; default: reports in the data directory', 4000),
    keep: Type.Optional(
      Type.Integer({ description: 'files of each format that are kept', default: 100, minimum: 1, maximum: 10_000 }),
    ),
    mail: text('name of the channel of alerts by which it is sent, an smtp one; default: it is not sent', 32),
    to: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$' }), {
        description: 'e-mail addresses that it is sent to; default: those of the channel',
        minItems: 1,
        maxItems: 100,
      }),
    ),
  },
  { additionalProperties: false },
);

const options = Type.Object({
  reports: Type.Array(reportSchema, {
    description:
      'reports that are made by themselves, each with a name, a period (day, week or month), when, and what else docs/how-to/report.md lists; on the command line each as {name: board, timezone: Europe/Berlin}',
    default: [],
    maxItems: 100,
  }),
});

/** Which reports are made by themselves. */
export const reportOptions = options.properties;

/** A report that is made by itself. */
export interface ScheduledReport {
  readonly name: string;
  readonly period: Period;
  /** Minutes after midnight. */
  readonly at: number;
  readonly timeZone: string;
  readonly network: string | undefined;
  readonly filter: string | undefined;
  readonly title: string;
  readonly language: Language;
  readonly formats: readonly ('html' | 'pdf')[];
  /** Absolute path. */
  readonly directory: string;
  readonly keep: number;
  /** Undefined: it is not sent. */
  readonly mail: MailSettings | undefined;
}

export interface ReportSettings {
  readonly reports: readonly ScheduledReport[];
}

/**
 * @param channels of alerts, of which those by e-mail send reports, too
 * @param directory the data directory
 * @throws WeirError
 */
export function reportSettings(
  given: Static<typeof options>,
  channels: readonly ChannelSettings[],
  directory: string,
): ReportSettings {
  const reports = given.reports.map(each => reportOf(each, channels, directory));
  const twice = reports.find(({ name }, i) => reports.findIndex(other => other.name === name) < i);
  if (twice !== undefined) throw new WeirError(`reports: "${twice.name}" is the name of two; give each its own`);
  return { reports };
}

function reportOf(
  given: Static<typeof reportSchema>,
  channels: readonly ChannelSettings[],
  data: string,
): ScheduledReport {
  const { name, timezone = 'UTC', network, filter, directory } = given;
  const wrong = (what: string) => new WeirError(`reports: "${name}": ${what}`);
  if (!isTimeZone(timezone))
    throw wrong(`there is no time zone "${timezone}"; write an IANA name, such as Europe/Berlin`);
  if (network !== undefined && parseNetwork(network) === undefined)
    throw wrong(`"${network}" is no network; write it as 10.0.0.0/8 or fd00::/8`);
  try {
    if (filter !== undefined) parseFilter(filter);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw wrong(`filter, column ${error.column}: ${error.message}`);
  }
  const [hours, minutes] = (given.at ?? '06:00').split(':').map(Number) as [number, number];
  return {
    ...{ name, network, filter, title: given.title ?? '', timeZone: timezone },
    ...{ period: given.period ?? 'week', at: hours * 60 + minutes, language: given.language ?? 'en' },
    ...{ formats: [...new Set(given.formats ?? (['html'] as const))], keep: given.keep ?? 100 },
    directory: directory === undefined ? join(data, 'reports') : resolve(directory),
    mail: mailOf(given, channels, wrong),
  };
}

function mailOf(
  { mail, to }: Static<typeof reportSchema>,
  channels: readonly ChannelSettings[],
  wrong: (what: string) => WeirError,
): MailSettings | undefined {
  if (mail === undefined && to !== undefined) throw wrong('to: say by which channel of alerts, with mail');
  if (mail === undefined) return undefined;
  const channel = channels.find(({ name }) => name === mail);
  if (channel?.kind === 'mail') return to === undefined ? channel : { ...channel, to };
  const names = channels.filter(({ kind }) => kind === 'mail').map(({ name }) => name);
  const there = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
  throw wrong(`mail: "${mail}" is no channel of alerts that sends e-mail (smtp://...); ${there}`);
}
