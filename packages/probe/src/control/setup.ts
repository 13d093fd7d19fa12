import { createHash } from 'node:crypto';
import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { CHANGEABLE, changesOf } from '../main/changes.js';
import { checkOnMachine } from './check.js';
import type { Resolved, RunningState, SetupDoor } from './door.js';
import { ControlError } from './error.js';
import { findingsOf, mendFinding } from './examination.js';
import { previewOf } from './preview.js';
import { RateHistory, sampleOf } from './rates.js';
import type { ApplyResult, CheckResult, Findings, Problem, SettingChanges, SetupState } from './types.js';
import { Versions } from './versions.js';

const SAMPLE_MILLISECONDS = 5000;

/** Shows and changes the configuration of a probe that runs. One change at a time. */
export class Setup {
  readonly #versions: Versions | undefined;
  #history = new RateHistory();
  readonly #timer: NodeJS.Timeout;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly door: SetupDoor) {
    this.#versions = door.file === undefined ? undefined : new Versions(door.file);
    this.#timer = setInterval(() => void this.#look().catch(() => {}), SAMPLE_MILLISECONDS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async state(): Promise<SetupState> {
    const text = this.#versions?.read() ?? '';
    const { settings, config } = this.door.resolve(text);
    const running = await this.#look();
    return {
      version: this.door.version,
      file: this.door.file ?? null,
      revision: revisionOf(text),
      schema: probeSchema,
      settings,
      yaml: this.door.shown(text),
      changeable: [...CHANGEABLE],
      needRestart: changesOf(running.inForce, config).needRestart,
      canUndo: this.#versions?.canUndo ?? false,
      canRestart: this.door.restart !== undefined,
      preview: this.#preview(config, running),
    };
  }

  /** What a change would come to; nothing is changed. */
  async check(changes: SettingChanges): Promise<CheckResult> {
    const text = this.door.edit(this.#versions?.read() ?? '', changes);
    const resolved = this.door.resolve(text);
    const running = await this.#look();
    return {
      problems: await problemsOf(resolved, changes, running),
      ...changesOf(running.inForce, resolved.config),
      yaml: this.door.shown(text),
      preview: this.#preview(previewable(resolved.config, running), running),
    };
  }

  /** @throws ControlError where it is refused: then neither the file nor the probe has changed */
  apply(changes: SettingChanges, revision: string): Promise<ApplyResult> {
    return this.#oneAtATime(async () => {
      const versions = this.#fileFor(revision);
      const text = this.door.edit(versions.read(), changes);
      const { config } = await this.#acceptable(text, changes);
      versions.save(text);
      return this.#takeOver(config, () => versions.back());
    });
  }

  /** The configuration is again what it was before the last change. @throws ControlError where that is refused */
  undo(revision: string): Promise<ApplyResult> {
    return this.#oneAtATime(async () => {
      const versions = this.#fileFor(revision);
      if (!versions.canUndo) throw new ControlError(409, 'there is nothing to undo');
      const { config } = await this.#acceptable(versions.former(), {});
      const undone = versions.read();
      versions.back();
      return this.#takeOver(config, () => versions.save(undone));
    });
  }

  /** Starts the probe again by what the file says. @returns once it meters @throws ControlError where it works as before */
  restart(): Promise<SetupState> {
    return this.#oneAtATime(async () => {
      const { door } = this;
      if (door.restart === undefined) {
        throw new ControlError(409, 'nothing here can start this probe again: do it where it was started');
      }
      const { config } = await this.#acceptable(this.#versions?.read() ?? '', {});
      try {
        await door.restart(config);
      } catch (error) {
        throw new ControlError(422, `the probe does not start with these settings: ${(error as Error).message}`);
      }
      this.#history = new RateHistory();
      return this.state();
    });
  }

  async findings(changes: readonly string[] = []): Promise<Findings> {
    const { inForce } = await this.#look();
    return { findings: await findingsOf(inForce), changes };
  }

  async mend(id: string, namespace: string | undefined): Promise<Findings> {
    const { inForce } = await this.#look();
    return this.findings(await this.#oneAtATime(() => mendFinding(inForce, id, namespace)));
  }

  async #takeOver(config: ProbeConfig, putBack: () => void): Promise<ApplyResult> {
    try {
      const { applied, needRestart } = await this.door.reconfigure(config);
      return { applied, needRestart, state: await this.state() };
    } catch (error) {
      putBack();
      const { message } = error as Error;
      throw new ControlError(422, `the probe does not take it over, all is as it was: ${message}`);
    }
  }

  async #acceptable(text: string, changes: SettingChanges): Promise<Resolved> {
    const resolved = this.door.resolve(text);
    const problems = await problemsOf(resolved, changes, await this.#look());
    const errors = problems.filter(({ level }) => level === 'error');
    if (errors.length === 0) return resolved;
    const words = errors.map(({ key, message }) => `${key}: ${message}`).join('; ');
    throw new ControlError(422, `refused, all is as it was: ${words}`, problems);
  }

  /** @throws ControlError where there is none, or it is not any more what the change was made from */
  #fileFor(revision: string): Versions {
    if (this.#versions === undefined) {
      throw new ControlError(
        409,
        'the probe was started without a configuration file, so nothing can be kept: start it with --config FILE',
      );
    }
    if (revisionOf(this.#versions.read()) === revision) return this.#versions;
    throw new ControlError(409, 'somebody has changed the configuration meanwhile: look at it again');
  }

  #preview(config: ProbeConfig, { inForce }: RunningState) {
    return previewOf(config, inForce, this.#history.rates());
  }

  async #look(): Promise<RunningState> {
    const running = await this.door.look();
    this.#history.add(sampleOf(running.namespaces, running.inForce, performance.now()));
    return running;
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** Options and environment hold against the file, so that a change of theirs would come to nothing. */
async function problemsOf(
  { settings, config, problems }: Resolved,
  changes: SettingChanges,
  { inForce }: RunningState,
): Promise<Problem[]> {
  const held: Problem[] = Object.keys(changes).flatMap(key => {
    const source = settings[key]?.source;
    if (source !== 'environment' && source !== 'option') return [];
    const where = source === 'option' ? `the option --${key}` : 'the environment';
    return [{ key, level: 'error', message: `it is set by ${where}, which holds against the file` }];
  });
  const wrong = [...held, ...problems];
  return [...wrong, ...(wrong.length > 0 ? [] : await checkOnMachine(config, inForce))];
}

/** Of a configuration that means nothing, what is in force is shown. */
function previewable(config: ProbeConfig, { inForce }: RunningState): ProbeConfig {
  try {
    previewOf(config, inForce, undefined);
    return config;
  } catch {
    return inForce;
  }
}

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
