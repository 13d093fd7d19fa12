import type { Bill, BillStatement } from '../../api/types.js';
import { perLocale } from '../../format/locale.js';
import { formatBitRate, formatOctets, formatShare } from '../../format/units.js';
import { t } from '../../i18n/index.js';

type Octets = BillStatement['octets']['in'];

const exact = perLocale(locale => new Intl.NumberFormat(locale));

/** To the last digit, whatever their size. */
export function exactOctets(octets: Octets): string {
  return exact().format(BigInt(octets));
}

export function shortOctets(octets: Octets): string {
  const number = Number(octets);
  return number < 0 ? `−${formatOctets(-number)}` : formatOctets(number);
}

/** Of bits per second. */
export function rateText(bitsPerSecond: number): string {
  return formatBitRate(bitsPerSecond / 8);
}

/** Date and time at clocks of the account's zone. */
export function timeIn(zone: string, ms: number): string {
  return inZone(zone)().format(ms);
}

const formats = new Map<string, () => Intl.DateTimeFormat>();

function inZone(timeZone: string): () => Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = perLocale(
      locale => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
    );
    formats.set(timeZone, format);
  }
  return format;
}

/** "95th percentile of the larger direction" */
export function percentileName({ percentile: { percent, of } }: BillStatement): string {
  return t.billing.percentile(String(percent), t.billing.of[of]);
}

/** "83% of 500 GB of both directions used" */
export function quotaText({ share, octets, of }: NonNullable<BillStatement['quota']>): string {
  return t.billing.used(formatShare(share), t.billing.quotaOf(formatOctets(Number(octets)), t.billing.of[of]));
}

/** How a quota stands: from its first warning on it needs a look, and when it is used up it is a problem. */
export function quotaLevel({ share, warnings }: NonNullable<BillStatement['quota']>): 'ok' | 'warning' | 'problem' {
  if (share >= 1) return 'problem';
  return warnings.length > 0 ? 'warning' : 'ok';
}

/** What a reader of the bill has to know beside its figures. */
export function notesOf({ statement, late }: Bill): string[] {
  const { timeZone, from, to, definedAt, countedFrom } = statement;
  const notes: string[] = [];
  if (late !== undefined && [late.in, late.out, late.within].some(octets => Number(octets) !== 0))
    notes.push(
      t.billing.late(`${exactOctets(late.in)} ${t.billing.octets}`, `${exactOctets(late.out)} ${t.billing.octets}`),
    );
  if (countedFrom > from) notes.push(t.billing.partial(timeIn(timeZone, countedFrom)));
  else if (definedAt > from && definedAt < to) notes.push(t.billing.redefined(timeIn(timeZone, definedAt)));
  return notes;
}
