import { ApiError } from '../../api/client.js';
import type { ProbeChanged, ProbeCheck, ProbeState } from '../../api/types.js';
import { applyChanges, type Changes, checkChanges, getState, restartProbe, undoChange } from './api.js';
import { same } from './fields.js';

/** Milliseconds after the last key stroke: a check looks names up and tries ports. */
const CHECK_AFTER = 400;

export type Problem = ProbeCheck['problems'][number];
export type Outcome = { kind: 'applied' | 'undone'; applied: string[]; needRestart: string[] };

/** The settings of a probe, and what the reader has changed of them and not applied yet. */
export class Draft {
  state = $state.raw<ProbeState>();
  /** New values by key; null for the default. */
  changes = $state.raw<Changes>({});
  /** What the probe says of them; undefined while it is asked. */
  check = $state.raw<ProbeCheck>();
  /** Something is being applied or undone. */
  busy = $state(false);
  outcome = $state.raw<Outcome>();
  /** The probe ends and starts again. */
  restarting = $state(false);
  /** Keys that have changed with that, and those that it does not change. */
  restarted = $state.raw<{ taken: string[]; still: string[] }>();
  /** Why the probe cannot be asked, or what it refused. */
  error = $state.raw<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(readonly probe: string) {}

  get keys(): string[] {
    return Object.keys(this.changes);
  }

  get problems(): readonly Problem[] {
    return this.keys.length === 0 ? [] : (this.check?.problems ?? []);
  }

  get isRefused(): boolean {
    return this.problems.some(({ level }) => level === 'error');
  }

  /** What is to be shown of a setting. */
  valueOf(key: string): unknown {
    const setting = this.state?.settings[key];
    if (!Object.hasOwn(this.changes, key)) return setting?.value;
    return this.changes[key] === null ? setting?.defaultValue : this.changes[key];
  }

  problemsOf(key: string, item?: string): Problem[] {
    return this.problems.filter(each => each.key === key && each.item === item);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.state = await getState(this.probe);
    });
  }

  /** @param value null for the default */
  set(key: string, value: unknown): void {
    const setting = this.state?.settings[key];
    const { [key]: _before, ...others } = this.changes;
    const isBack = value === null ? setting?.source === 'default' : same(value, setting?.value);
    this.changes = isBack ? others : { ...others, [key]: value };
    this.outcome = undefined;
    this.restarted = undefined;
    this.#checkSoon();
  }

  discard(): void {
    this.changes = {};
    this.error = undefined;
    this.#forget();
  }

  async apply(): Promise<void> {
    await this.#change('applied', revision => applyChanges(this.probe, this.changes, revision));
  }

  async undo(): Promise<void> {
    await this.#change('undone', revision => undoChange(this.probe, revision));
  }

  /** Starts the probe again, with what waits for that. */
  async restart(): Promise<void> {
    if (this.state === undefined || this.busy) return;
    const waited = this.state.needRestart;
    this.busy = true;
    this.restarting = true;
    this.outcome = undefined;
    this.restarted = undefined;
    await this.#attempt(async () => {
      this.state = await restartProbe(this.probe);
      const still = this.state.needRestart;
      this.restarted = { taken: waited.filter(key => !still.includes(key)), still };
    });
    this.restarting = false;
    this.busy = false;
  }

  close(): void {
    this.#forget();
  }

  async #change(kind: Outcome['kind'], ask: (revision: string) => Promise<ProbeChanged>): Promise<void> {
    const { state } = this;
    if (state === undefined || this.busy) return;
    this.busy = true;
    this.outcome = undefined;
    this.restarted = undefined;
    await this.#attempt(async () => {
      const { applied, needRestart, state } = await ask(this.state!.revision);
      this.state = state;
      this.discard();
      this.outcome = { kind, applied, needRestart };
    });
    this.busy = false;
  }

  #checkSoon(): void {
    this.#forget();
    if (this.keys.length === 0) return;
    this.#timer = setTimeout(() => void this.#check(), CHECK_AFTER);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.check = undefined;
  }

  async #check(): Promise<void> {
    const asked = this.#asked;
    await this.#attempt(async () => {
      const check = await checkChanges(this.probe, this.changes);
      if (asked === this.#asked) this.check = check;
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = undefined;
    } catch (error) {
      this.error = (error as Error).message;
      // Somebody else has changed the file: what it says now is looked at, and the reader's changes stay.
      if (error instanceof ApiError && error.status === 409)
        this.state = await getState(this.probe).catch(() => this.state);
    }
  }
}
