/** What goes over the control endpoint: JSON of these. */
import type { Finding } from '../preflight/finding.js';

/** Where a setting comes from; a later one overrides the earlier ones. */
export type Source = 'default' | 'file' | 'environment' | 'option';

export interface Setting {
  /** As configured; null where nothing is and there is no default. */
  readonly value: unknown;
  readonly source: Source;
  /** What holds without a word of it. */
  readonly defaultValue: unknown;
}

/** New values by key; null takes the key out of the file, so that its default holds. */
export type SettingChanges = Readonly<Record<string, unknown>>;

/** What is wrong with a setting. A warning is no reason to refuse it. */
export interface Problem {
  readonly key: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  /** Which of several values of a list. */
  readonly item?: string;
}

/** Takes a problem that a check finds. */
export type Tell = (level: Problem['level'], message: string, item?: string) => void;

/** A configuration that can be changed. */
export interface SetupState {
  readonly version: string;
  /** Of the configuration; null where there is none to write to. */
  readonly file: string | null;
  /** Changes with each change of the file: a change names the one that it was made from. */
  readonly revision: string;
  /** JSON Schema of all settings, with help and defaults. */
  readonly schema: unknown;
  readonly settings: Readonly<Record<string, Setting>>;
  /** What the file says of the probe. */
  readonly yaml: string;
  /** Keys that a running probe takes over, and those whose new value waits for its next start. */
  readonly changeable: readonly string[];
  readonly needRestart: readonly string[];
  /** The configuration can be put back to the one before. */
  readonly canUndo: boolean;
  /** The probe can be started again from here. */
  readonly canRestart: boolean;
  readonly preview: Preview;
}

/** A kind of Flow Record, and what its Template has. */
export interface TemplatePreview {
  /** Such as "TCP over IPv4, translated". */
  readonly name: string;
  readonly fields: readonly string[];
  /** Of a Data Record, without what has a variable length; of its Template Record, once a Template refresh. */
  readonly recordOctets: number;
  readonly templateOctets: number;
}

/** What a collector is expected to get each second, from what has been counted; null where nothing has been yet. */
export interface LoadPreview {
  readonly collector: string;
  readonly recordsPerSecond: number | null;
  readonly bitsPerSecond: number | null;
}

export interface Preview {
  readonly templates: readonly TemplatePreview[];
  readonly load: readonly LoadPreview[];
  /** Seconds that the expected load was counted over, 0 for none. */
  readonly countedSeconds: number;
  /** What the expectation cannot know, in words. */
  readonly notes: readonly string[];
}

/** What a change would come to. */
export interface CheckResult {
  readonly problems: readonly Problem[];
  /** Keys that change at once, and with the next start. */
  readonly applied: readonly string[];
  readonly needRestart: readonly string[];
  /** What the file would say of the probe. */
  readonly yaml: string;
  readonly preview: Preview;
}

/** What a change has come to. */
export interface ApplyResult {
  readonly applied: readonly string[];
  readonly needRestart: readonly string[];
  readonly state: SetupState;
}

export interface NamespaceFinding extends Finding {
  /** Network namespace where there are several. */
  readonly namespace?: string;
}

export interface Findings {
  readonly findings: readonly NamespaceFinding[];
  /** What was changed, a line each. */
  readonly changes: readonly string[];
}
