import type { ProbeConfig } from '../config/schema.js';
import type { Changes } from '../main/changes.js';
import type { NamespaceStatus } from '../main/probe.js';
import type { Problem, Setting, SettingChanges } from './types.js';

/** What a text of the configuration file comes to, together with options and environment. */
export interface Resolved {
  readonly settings: Readonly<Record<string, Setting>>;
  /** What the probe is to work by. Of a setting with a problem, the default. */
  readonly config: ProbeConfig;
  /** Values that the schema does not allow. */
  readonly problems: readonly Problem[];
}

/** The probe as it runs. */
export interface RunningState {
  readonly namespaces: readonly NamespaceStatus[];
  readonly inForce: ProbeConfig;
}

/** What the setup needs of the command that runs the probe: it knows where the configuration comes from. */
export interface SetupDoor {
  readonly version: string;
  /** Undefined where there is none to write to. */
  readonly file: string | undefined;
  /** @throws Error where the text is no configuration at all */
  resolve(text: string): Resolved;
  /** The text with these changes, all else as it is. */
  edit(text: string, changes: SettingChanges): string;
  /** What of the text may be shown: what is the probe's. */
  shown(text: string): string;
  look(): Promise<RunningState>;
  /** @throws Error where the probe refuses: then nothing has changed */
  reconfigure(config: ProbeConfig): Promise<Changes>;
  /**
   * Ends the probe in order and starts it again with this. Undefined where nothing here can.
   *
   * @throws Error where it does not start with this: it works as before then
   */
  readonly restart?: ((config: ProbeConfig) => Promise<void>) | undefined;
}
