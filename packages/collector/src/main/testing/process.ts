import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CollectorConfig } from '../../config/schema.js';
import { noDatabases } from './options.js';

const built = new URL('../../../dist/index.js', import.meta.url).href;

/** The built collector in a process of its own, which a test may kill. */
export class CollectorProcess {
  readonly #directory: string;
  readonly #options: Partial<CollectorConfig>;
  #child: ChildProcess | undefined;

  /** @param directory its data directory */
  constructor(directory: string, options: Partial<CollectorConfig> = {}) {
    this.#directory = directory;
    this.#options = options;
  }

  /** @returns the ports that it listens on */
  async start(listen: readonly string[], receivers = 1): Promise<number[]> {
    const options = { ...noDatabases, ...this.#options, data: this.#directory, http: '127.0.0.1:0', listen, receivers };
    const code = `import { startCollector } from '${built}';
      const collector = await startCollector(${JSON.stringify(options)});
      process.once('SIGTERM', () => void collector.stop());
      console.log(JSON.stringify(collector.listening));`;
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    this.#child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: [...stdio] });
    const [line] = (await once(this.#child.stdout!, 'data')) as [Buffer];
    return (JSON.parse(line.toString()) as string[]).map(url => Number(new URL(url).port));
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ended = once(this.#child!, 'exit');
    this.#child!.kill(signal);
    await ended;
  }

  /** For the end of a test that failed: it does not wait. */
  clear(): void {
    this.#child?.kill('SIGKILL');
  }
}
