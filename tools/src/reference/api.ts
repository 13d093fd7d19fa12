import { describeApi } from '../../../packages/collector/dist/http/describe.js';
import { code, madePage, plain, sentence, table } from './markdown.js';

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Every request, from the OpenAPI description that the collector serves. */
export async function apiPage(): Promise<string> {
  const { document, roles } = await describeApi('0');
  const paths = Object.entries((document as Document).paths);
  const operations = paths.flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return madePage(
    'HTTP API',
    `At the address of the pages. The whole description, with the schema of every answer, is OpenAPI 3.1 at \`/api/v1/openapi.json\`; this page is made of the same.
Times are milliseconds since the epoch, or relative (\`-15m\`); rates are per second. Errors are \`{"error": TEXT}\` with a status of 400 and above. Beside it there are \`/metrics\`
([names](metrics.md)), and \`/healthz\`: 200 while the store answers, else 503.`,
    `On loopback everybody may look; else each request needs \`Authorization: Bearer TOKEN\` or the cookie of a login
([open the pages](../how-to/open-the-pages.md)). "Who" is who may ask then.`,
    table(
      ['request', 'who', ''],
      operations.map(({ path, method, operation }) => [
        `[${code(`${method} ${path}`)}](#${anchor(method, path)})`,
        who(roles[`${method} ${fastifyPath(path)}`], method),
        sentence(plain(operation.description ?? '')),
      ]),
    ),
    ...operations.flatMap(({ path, method, operation }) => [
      `## ${code(`${method} ${path}`)}`,
      ...operationParts(operation),
    ]),
  );
}

/** As pages make it of the heading. */
const anchor = (method: string, path: string): string =>
  `${method} ${path}`
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
const fastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function who(role: string | undefined, method: string): string {
  if (role === 'none') return 'everybody';
  return role === 'operator' || (role === undefined && method !== 'GET') ? 'operators' : 'viewers';
}

function operationParts({ description = '', parameters = [], requestBody, responses }: Operation): string[] {
  const rows = parameters.map(({ name, in: where, required, description: about = '', schema }) => [
    code(name),
    where === 'query' ? typeOf(schema) : `${typeOf(schema)}, in the ${where}`,
    schema.default !== undefined ? code(String(schema.default)) : required === true ? 'needed' : '',
    plain(about || (schema.description ?? '')),
  ]);
  const body =
    requestBody === undefined
      ? []
      : Object.entries(requestBody.content).map(([type, { schema }]) => `Body: ${code(type)}${fieldsOf(schema)}.`);
  const answers = Object.entries(responses['200']?.content ?? {}).map(
    ([type, { schema }]) => `${code(type)}${fieldsOf(schema)}`,
  );
  return [
    sentence(plain(description)),
    ...(rows.length === 0 ? [] : [table(['parameter', 'type', 'default', ''], rows)]),
    ...body,
    ...(answers.length === 0 ? [] : [`Answer: ${answers.join('; ')}.`]),
  ];
}

function fieldsOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `, ${code(schema.$ref.split('/').at(-1)!)}`;
  if (schema.type === 'array' && schema.items !== undefined) return `, a list${fieldsOf(schema.items)}`;
  const names = Object.keys(schema.properties ?? {});
  const optional = (name: string) => (schema.required?.includes(name) === true ? '' : '?');
  return names.length === 0 ? '' : `, ${names.map(name => code(`${name}${optional(name)}`)).join(', ')}`;
}

function typeOf({ type, enum: choices, anyOf, const: constant, items }: Schema): string {
  if (constant !== undefined) return code(String(constant));
  if (choices !== undefined) return choices.map(each => code(String(each))).join(', ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(', ');
  return type === 'array' ? `list of ${typeOf(items ?? {})}` : [type ?? 'anything'].flat().join(', ');
}
