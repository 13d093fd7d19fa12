import { FilterError, parseFilter, parseMac, parseNetwork } from '@weir/flow';
import Type, { type Static } from 'typebox';
import type { Account, Inside, Quota } from '../../analysis/billing/account.js';
import { isTimeZone } from '../../analysis/billing/zone.js';
import { WeirError } from '../../error.js';

const measure = (description: string, value: string) =>
  Type.Optional(Type.Enum(['in', 'out', 'max', 'sum'], { description, default: value }));
const list = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { description, minItems: 1, maxItems: 200 }));

const accountSchema = Type.Object(
  {
    name: Type.String({
      description: 'name: letters, digits and _ . -, at most 64',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
    }),
    networks: list('networks, as CIDR, or single addresses that are inside: "in" is what they receive'),
    macs: list('MAC addresses that are inside: "in" is what they receive'),
    interfaces: list('interfaces, by name or number: "in" is what comes in by them'),
    filter: Type.Optional(
      Type.String({
        description:
          'only what fits this filter counts; without networks, macs and interfaces, "in" is towards local-networks',
        minLength: 1,
        maxLength: 4000,
      }),
    ),
    timezone: Type.Optional(
      Type.String({ description: 'IANA time zone that its months begin in, such as Europe/Berlin', default: 'UTC' }),
    ),
    'first-day': Type.Optional(
      Type.Integer({
        description: 'day that its months begin on; the last one of shorter months',
        default: 1,
        minimum: 1,
        maximum: 31,
      }),
    ),
    percentile: Type.Optional(
      Type.Integer({ description: 'percentile of the samples of five minutes', default: 95, minimum: 1, maximum: 100 }),
    ),
    'percentile-of': measure('what the percentile is of', 'max'),
    quota: Type.Optional(
      Type.String({ description: 'octets of a month, as 500G', pattern: '^[1-9][0-9]{0,5}[kMGTP]?$' }),
    ),
    'quota-of': measure('what the quota is of', 'sum'),
    warn: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 1000 }), {
        description: 'percents of the quota at which to warn',
        default: [80, 100],
        maxItems: 10,
      }),
    ),
    'close-after': Type.Optional(
      Type.Integer({
        description: 'hours after the end of a month at which its statement is made; Flows that come later are late',
        default: 24,
        minimum: 0,
        maximum: 744,
      }),
    ),
  },
  { additionalProperties: false },
);

const options = Type.Object({
  accounts: Type.Array(accountSchema, {
    description:
      'accounts whose traffic is summed up month by month, each with a name, what is inside it or a filter, and what else docs/reference/billing.md lists; on the command line each as {name: office, networks: [10.1.0.0/16]}',
    default: [],
    maxItems: 2000,
  }),
});

/** Whose traffic is billed. */
export const accountOptions = options.properties;

export interface AccountSettings {
  readonly accounts: readonly Account[];
}

type Given = Static<typeof accountSchema>;

/**
 * @param localNetworks those that "in" is towards where an account does not say what is inside it
 * @throws WeirError
 */
export function accountSettings(given: Static<typeof options>, localNetworks: readonly string[]): AccountSettings {
  const accounts = given.accounts.map(each => accountOf(each, localNetworks));
  const twice = accounts.find(({ name }, i) => accounts.findIndex(other => other.name === name) < i);
  if (twice !== undefined) throw new WeirError(`accounts: "${twice.name}" is the name of two; give each its own`);
  return { accounts };
}

function accountOf(given: Given, localNetworks: readonly string[]): Account {
  const { name, filter = '', timezone = 'UTC' } = given;
  if (!isTimeZone(timezone))
    throw new WeirError(
      `accounts: "${name}": there is no time zone "${timezone}"; write an IANA name, such as Europe/Berlin`,
    );
  checkFilter(name, filter);
  return {
    name,
    definition: { inside: insideOf(given, localNetworks), filter },
    timeZone: timezone,
    firstDay: given['first-day'] ?? 1,
    percentile: given.percentile ?? 95,
    percentileOf: given['percentile-of'] ?? 'max',
    quota: quotaOf(given),
    closeAfter: given['close-after'] ?? 24,
  };
}

function insideOf({ name, networks, macs, interfaces, filter }: Given, localNetworks: readonly string[]): Inside {
  const given = Object.entries({ networks, macs, interfaces }).filter(([, values]) => values !== undefined);
  const [only, second] = given as [kind: Inside['kind'], values: string[]][];
  if (second !== undefined)
    throw new WeirError(
      `accounts: "${name}" has ${only![0]} and ${second[0]}; what is inside is one of them, the other may be in its filter`,
    );
  if (only !== undefined) {
    const [kind, values] = only;
    const wrong = values.find(value => !isOf(kind, value));
    if (wrong !== undefined) throw new WeirError(`accounts: "${name}": "${wrong}" ${mistakes[kind]}`);
    return { kind, values };
  }
  if (filter !== undefined) return { kind: 'local', values: localNetworks };
  throw new WeirError(`accounts: "${name}" has no traffic; give it networks, macs, interfaces or a filter`);
}

function isOf(kind: Inside['kind'], value: string): boolean {
  if (kind === 'macs') return parseMac(value) !== undefined;
  return kind === 'networks' ? parseNetwork(value) !== undefined : !/["\\]/.test(value);
}

const mistakes: Readonly<Record<Inside['kind'], string>> = {
  networks: 'is no network; write it as 10.0.0.0/8, fd00::/8 or 192.0.2.1',
  macs: 'is no MAC address; write it as 02:00:5e:10:00:01',
  interfaces: 'is no interface; write its name without quotes, or its number',
  local: '',
};

function checkFilter(name: string, filter: string): void {
  try {
    if (filter !== '') parseFilter(filter);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new WeirError(`accounts: "${name}": filter, column ${error.column}: ${error.message}`);
  }
}

const magnitudes: Readonly<Record<string, bigint>> = {
  k: 10n ** 3n,
  M: 10n ** 6n,
  G: 10n ** 9n,
  T: 10n ** 12n,
  P: 10n ** 15n,
};

function quotaOf({ name, quota, 'quota-of': of = 'sum', warn = [80, 100] }: Given): Quota | undefined {
  if (quota === undefined) return undefined;
  const [, digits, magnitude] = /^(\d+)([kMGTP]?)$/.exec(quota)!;
  if (new Set(warn).size < warn.length) throw new WeirError(`accounts: "${name}": warn has a percent twice`);
  return { octets: BigInt(digits!) * (magnitudes[magnitude!] ?? 1n), of, warn: [...warn].sort((a, b) => a - b) };
}
