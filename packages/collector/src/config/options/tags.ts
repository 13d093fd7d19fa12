import { FilterError, parseFilter } from '@weir/flow';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';
import { TAG_SEPARATOR, type Tag } from '../../store/schema/tags.js';

const options = Type.Object({
  tags: Type.Array(Type.String(), {
    description:
      'names for Flow Records, as NAME=FILTER: what fits the filter when it is stored has the tag; may be given more than once, also with the same name',
    default: [],
    maxItems: 100,
  }),
});

/** Names that Flow Records get. */
export const tagOptions = options.properties;

export interface TagSettings {
  readonly tags: readonly Tag[];
}

/** @throws WeirError */
export function tagSettings(given: Static<typeof options>): TagSettings {
  const filters = new Map<string, Tag['expression'][]>();
  for (const text of given.tags) {
    const { name, expression } = parseTag(text);
    filters.set(name, [...(filters.get(name) ?? []), expression]);
  }
  const tags = [...filters].map(([name, operands]) => ({ name, expression: { kind: 'or' as const, operands } }));
  return { tags };
}

function parseTag(text: string): Tag {
  const [, name, filter] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === undefined || name === '' || name.length > 100 || /["']/.test(name) || name.includes(TAG_SEPARATOR)) {
    throw new WeirError(
      `tags: "${text}" is no tag: write NAME=FILTER, for example voip=port 5060, the name without quotes and commas`,
    );
  }
  try {
    const expression = parseFilter(filter!);
    if (asksForTags(expression)) throw new WeirError(`tags: "${name}" asks for tags, which are not there yet`);
    return { name, expression };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new WeirError(`tags: ${text}: ${error.message} (of the filter)`);
  }
}

function asksForTags(expression: Tag['expression']): boolean {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.some(asksForTags);
    case 'not':
      return asksForTags(expression.operand);
    case 'comparison':
    case 'has':
      return expression.operand.column === 'tags';
    default:
      return false;
  }
}
