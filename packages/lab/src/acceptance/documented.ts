import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository, whose documentation is tested. */
export const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly lines: readonly string[];
}

/** What is executed, and the first line of what the page says that it prints. */
export interface Command {
  readonly text: string;
  readonly prints?: string;
}

export const pageText = (page: string): string => readFileSync(`${repository}${page}`, 'utf8');

/** Every fenced block of a page in order. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\S*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language!,
    lines: text!.trimEnd().split('\n'),
  }));
}

/** The commands of all `sh` blocks in order; a `text` block is what the command before it prints. */
export function commandsOf(markdown: string): Command[] {
  const commands: Command[] = [];
  for (const { language, lines } of blocksOf(markdown)) {
    if (language === 'sh') commands.push(...linesOf(lines).map(text => ({ text })));
    else if (commands.length > 0) commands.push({ ...commands.pop()!, prints: lines[0]! });
  }
  return commands;
}

/** What people would type line by line: continued lines as one, comments left out. */
function linesOf(lines: readonly string[]): string[] {
  const joined = lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  return joined.map(line => line.replace(/(^|\s+)# .*$/, '').trim()).filter(line => line !== '');
}

/** Text without its fenced blocks. */
const proseOf = (markdown: string): string => markdown.replaceAll(/^```.*?^```$/gms, '');

/** Commands that sentences name: they are to be run somewhere, too. */
export function namedCommands(markdown: string): string[] {
  const found = [...proseOf(markdown).matchAll(/`((?:sudo |npx )?(?:weir|npm) [a-z][^`]*)`/g)];
  return [...new Set(found.map(([, text]) => text!))].sort();
}

/** Commands in a block that is not fenced, and would not be run. */
export function indentedCommands(markdown: string): string[] {
  return proseOf(markdown).match(/^ {4,}(?:sudo|npx?|npm|weir|git|curl|ip|nft|node|apt|systemctl|sh|bash) .*/gm) ?? [];
}

/** Addresses of this machine that the reader is to open. */
export function localAddresses(markdown: string): string[] {
  const found = [...markdown.matchAll(/http:\/\/127\.0\.0\.1:\d+[^\s)>,]*/g)].map(([url]) => url.replace(/[.:]$/, ''));
  return [...new Set(found)];
}

/** Figures differ from run to run, and with them the widths of columns. */
export const shape = (text: string): string => text.replaceAll(/\d+/g, '0').replaceAll(/\s+/g, ' ').trim();
