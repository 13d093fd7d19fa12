/**
 * Puts the values into a statement's {name:Type} placeholders as literals. The engine has parameters of its own, but the
 * embedded one keeps those of all connections in one place: two queries at the same time get each other's values.
 * @throws Error where a placeholder has no value, or the value no such form.
 */
export function withLiterals(sql: string, parameters: Readonly<Record<string, unknown>>): string {
  return sql.replace(/\{(\w+):(\w+)\}/g, (_, name: string, type: string) => {
    const value = parameters[name];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
      throw new Error(`the statement's parameter ${name} has no value`);
    }
    const text = literal(String(value));
    return type === 'String' ? text : `CAST(${text}, '${type}')`;
  });
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\0': '\\0' };

/** A string literal of the engine's SQL: a backslash escapes, so it is escaped too. */
export function literal(text: string): string {
  return `'${text.replaceAll(/[\\'\0]/g, character => escapes[character]!)}'`;
}
