import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WeirError } from '../error.js';

/** Browsers that print without a screen, by the names that they are installed under. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const PATIENCE = 60_000;
/** The end of what the browser says, for who wants to know why it failed. */
const SAID = 300;

const FLAGS = [
  ...['--headless', '--disable-gpu', '--no-pdf-header-footer', '--no-first-run', '--disable-extensions'],
  ...['--disable-background-networking', '--disable-sync', '--disable-component-update'],
];

/** Where a browser is that makes PDF; undefined where this machine has none. */
export function findBrowser(path = process.env.PATH ?? ''): string | undefined {
  const folders = path.split(delimiter).filter(folder => folder !== '');
  return BROWSERS.flatMap(name => folders.map(folder => join(folder, name))).find(isProgram);
}

/**
 * A page as PDF, as the browser of this machine prints it.
 * @param page without scripts, and with nothing outside it
 * @throws WeirError where there is no browser, or it fails
 */
export async function pdfOf(page: string, browser = findBrowser()): Promise<Uint8Array> {
  if (browser === undefined)
    throw new WeirError(
      `PDF is printed by a browser, and there is none here (${BROWSERS.join(', ')}); install one, as "apt install chromium" does, or take the page (html), which every browser prints`,
    );
  const folder = mkdtempSync(join(tmpdir(), 'weir-pdf-'));
  try {
    const [from, to] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    writeFileSync(from, page);
    await run(browser, [
      ...FLAGS,
      // Chromium refuses to run as root within its sandbox; the page is ours, and nothing runs in it.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[`--user-data-dir=${join(folder, 'profile')}`, `--print-to-pdf=${to}`, pathToFileURL(from).href],
    ]);
    return readFileSync(to);
  } catch (error) {
    throw new WeirError(`${browser} made no PDF: ${(error as Error).message}; the page (html) can be printed by hand`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function run(program: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    let said = '';
    child.stderr.on('data', chunk => (said = (said + chunk).slice(-SAID)));
    child.once('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) return resolve();
      reject(new Error(signal === null ? `it ended with ${status}: ${said.trim()}` : 'it took more than a minute'));
    });
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
