/** A page that is made of the source, and says so. */
export function madePage(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, ...parts].join('\n\n')}\n\n<!-- Made by \`npm run generate\`. Do not edit. -->\n`;
}

/** A table; what would end a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();

/** Text of others as text: nothing in it becomes a link, emphasis or markup, but what is code in it already. */
export function plain(text: string): string {
  const parts = text.split(/(`[^`]*`)/);
  return parts.map(part => (part.startsWith('`') ? part : part.replaceAll(/[\\*_[\]<>]/g, '\\$&'))).join('');
}

export const code = (text: string): string => `\`${text}\``;

/** Ends as sentences do. */
export const sentence = (text: string): string => (/[.:!?]$/.test(text) ? text : `${text}.`);
