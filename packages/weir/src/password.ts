import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { WeirError } from './error.js';

/**
 * A new password: asked for twice on a terminal, which does not show it, else the first line of standard input. Never an option:
 * those can be read in the list of processes.
 * @throws WeirError where there is none
 */
export async function newPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const password = await askHidden(`Password of ${name}: `);
  if (password === (await askHidden('The same again: '))) return password;
  throw new WeirError('the two passwords differ: nothing was changed');
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new WeirError('standard input has no line: write the password there, or run the command on a terminal');
}

function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => reject(new WeirError('no password was given: nothing was changed')));
    lines.question('', answer => {
      process.stderr.write('\n');
      resolve(answer);
      lines.close();
    });
  });
}
