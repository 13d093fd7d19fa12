import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killMarked, markedProcesses } from '../run/mark.js';
import type { LabProcess } from '../run/process.js';
import { onTeardown } from '../run/teardown.js';
import { sleep } from '../run/wait.js';
import { clearLeftovers } from './leftovers.js';
import { labNamespaces, Namespace } from './namespace.js';
import { differences, type Snapshot, snapshot } from './snapshot.js';
import { makeTopology, type Topology } from './topology.js';

/** Everything that one suite makes, so that all of it goes again: namespaces, processes, folders. */
export class Lab {
  readonly #before: Snapshot;
  readonly #undo: (() => void)[] = [];
  readonly #owned: LabProcess[] = [];

  /** Clears what dead labs left, and takes a snapshot of the machine. Needs root. */
  constructor() {
    clearLeftovers();
    this.#before = snapshot();
  }

  /** A client - router - server network of its own. */
  topology(): Topology {
    return makeTopology(label => this.namespace(label));
  }

  /** One lone namespace. */
  namespace(label: string): Namespace {
    const made = new Namespace(label);
    this.#undo.push(() => made.remove());
    return made;
  }

  /** An empty folder. */
  directory(label: string): string {
    const made = mkdtempSync(join(tmpdir(), `weir-lab-${label}-`));
    this.#undo.push(onTeardown(() => rmSync(made, { recursive: true, force: true })));
    return made;
  }

  /** Ends the process with the lab, so that it does not count as left behind. Returns it. */
  own(started: LabProcess): LabProcess {
    this.#owned.push(started);
    return started;
  }

  /** Undoes it when the lab closes, and when the process ends before that. */
  later(undo: () => void): void {
    this.#undo.push(onTeardown(undo));
  }

  /**
   * Takes everything away again. Returns what the things under test left behind, one line each: processes that still ran
   * (they are ended), and settings of the machine that are no more as they were. Empty is right.
   */
  async close(): Promise<string[]> {
    await Promise.all(this.#owned.splice(0).map(each => each.stop()));
    const found = await lingering();
    killMarked();
    for (const undo of this.#undo.splice(0).reverse()) undo();
    for (const { name } of labNamespaces().filter(({ pid }) => pid === process.pid)) found.push(`namespace ${name}`);
    return [...found, ...differences(this.#before, snapshot())];
  }
}

/** Processes still there after a moment's grace: a child may need it to notice that its parent has gone. */
async function lingering(): Promise<string[]> {
  for (let i = 0; i < 100 && markedProcesses().length > 0; i++) await sleep(100);
  return markedProcesses().map(({ pid, command }) => `process ${pid} ${command}`);
}
