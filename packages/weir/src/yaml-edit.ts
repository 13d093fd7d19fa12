import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { WeirError } from './error.js';

/**
 * The text with other values: comments, order and all else stay.
 *
 * @param changes by key; null takes the key out
 * @throws WeirError where the text is no YAML, or holds no keys
 */
export function editYaml(text: string, changes: Readonly<Record<string, unknown>>): string {
  const document = documentOf(text);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) remove(document, key);
    else if (Array.isArray(value)) setList(document, key, value);
    else document.set(key, value);
  }
  const map = mapOf(document);
  // An empty map would be written as {}.
  if (map.items.length === 0) return commentText(document, map);
  return document.toString({ lineWidth: 0 });
}

/** Only these keys, with their comments. @throws WeirError */
export function pickYaml(text: string, keys: readonly string[]): string {
  const document = documentOf(text);
  const map = mapOf(document);
  map.items = map.items.filter(pair => keys.includes(nameOf(pair)));
  return map.items.length === 0 ? '' : document.toString({ lineWidth: 0 });
}

function documentOf(text: string): Document {
  const document = parseDocument(text) as Document;
  const [error] = document.errors;
  if (error !== undefined) throw new WeirError(`the configuration is no YAML: ${error.message.split('\n')[0]}`);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    document.contents = document.createNode({}) as YAMLMap;
  if (!isMap(document.contents)) throw new WeirError('the configuration must hold keys and values');
  return document;
}

function mapOf(document: Document): YAMLMap {
  return document.contents as YAMLMap;
}

function nameOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

/** Comments before the key stay, before the next one or at the end. */
function remove(document: Document, key: string): void {
  const map = mapOf(document);
  const at = map.items.findIndex(pair => nameOf(pair) === key);
  if (at < 0) return;
  const comment = commentBefore(map.items[at]);
  map.items.splice(at, 1);
  if (comment === undefined) return;
  const next = map.items[at]?.key;
  if (isScalar(next)) next.commentBefore = join(comment, next.commentBefore);
  else map.comment = join(map.comment, comment);
}

function commentBefore({ key }: Pair): string | undefined {
  return (isScalar(key) ? key.commentBefore : undefined) ?? undefined;
}

function join(...parts: (string | null | undefined)[]): string {
  return parts.filter(part => part !== null && part !== undefined && part !== '').join('\n');
}

function commentText(document: Document, map: YAMLMap): string {
  const text = join(document.commentBefore, map.commentBefore, map.comment, document.comment);
  return text === '' ? '' : `${text.replace(/^/gm, '#')}\n`;
}

/** Items that stay keep their comments. */
function setList(document: Document, key: string, values: readonly unknown[]): void {
  const before = document.get(key, true);
  if (!isSeq(before)) {
    document.set(key, document.createNode(values));
    return;
  }
  const kept = (before as YAMLSeq).items;
  (before as YAMLSeq).items = values.map(
    value => kept.find(item => isScalar(item) && item.value === value) ?? document.createNode(value),
  );
}
