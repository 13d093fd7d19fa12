/** What a setting's schema says of how to ask for it. */
export interface Field {
  key: string;
  kind: 'switch' | 'number' | 'choice' | 'list' | 'text';
  /** What it is, in the words of the schema. */
  help: string;
  choices: readonly string[];
  least?: number;
  most?: number;
}

export const GROUPS = ['export', 'metering', 'records', 'operation'] as const;
export type GroupName = (typeof GROUPS)[number];

/** A setting that is not here is in the last group: a newer probe may have more. */
const GROUP_OF: Readonly<Record<string, GroupName>> = {
  collector: 'export',
  distribute: 'export',
  'template-refresh-interval': 'export',
  'template-refresh-messages': 'export',
  spool: 'export',
  'spool-size': 'export',
  'active-timeout': 'metering',
  source: 'metering',
  namespace: 'metering',
  domain: 'metering',
  'tcp-events': 'metering',
  'flow-table-entries': 'metering',
  'event-buffer': 'metering',
  reliable: 'metering',
  mend: 'metering',
  fields: 'records',
  filter: 'records',
  sample: 'records',
  anonymise: 'records',
  'anonymise-networks': 'records',
  'as-table': 'records',
};

interface Property {
  type?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  anyOf?: { const?: unknown }[];
}

/** The settings of a probe by what they are about, in the order of its schema. */
export function groupsOf(schema: unknown): { name: GroupName; fields: Field[] }[] {
  const properties = (schema as { properties?: Record<string, Property> } | null)?.properties ?? {};
  const fields = Object.entries(properties).map(([key, property]) => fieldOf(key, property));
  return GROUPS.map(name => ({
    name,
    fields: fields.filter(({ key }) => (Object.hasOwn(GROUP_OF, key) ? GROUP_OF[key] : 'operation') === name),
  }));
}

function fieldOf(key: string, { type, description = '', minimum, maximum, anyOf }: Property): Field {
  const choices = (anyOf ?? []).flatMap(({ const: choice }) => (choice === undefined ? [] : [String(choice)]));
  return {
    key,
    kind: choices.length > 0 ? 'choice' : kindOf(type),
    help: description,
    choices,
    ...(minimum !== undefined && { least: minimum }),
    // The largest number that JSON can say is no limit that anybody has to know.
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && { most: maximum }),
  };
}

function kindOf(type: string | undefined): Field['kind'] {
  if (type === 'boolean') return 'switch';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'array' ? 'list' : 'text';
}

/** What was typed as the value of a setting; null where nothing was, so that the default holds. */
export function typed({ kind }: Pick<Field, 'kind'>, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (kind === 'number' && Number.isFinite(Number(trimmed))) return Number(trimmed);
  return trimmed;
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** A value in a line of text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
