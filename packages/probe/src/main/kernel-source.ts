import type { ProbeConfig } from '../config/schema.js';
import { WeirError } from '../error.js';
import { type FieldSelection, parseFields } from '../exporting/field-selection.js';
import { type KernelDescriptors, KernelPrograms } from '../host/kernel-programs.js';
import { whyNoKernelMeter } from '../preflight/kernel-meter.js';
import type { Log } from './log.js';

/** What a metering thread needs of the loaded programs, as plain data. */
export interface KernelInput {
  readonly descriptors: KernelDescriptors;
  /** What the programs' records hold, and whether that is what is to be exported. */
  readonly preset: 'default' | 'full';
  readonly isWanted: boolean;
  /** Nothing else may take its place (--source kernel). */
  readonly isRequired: boolean;
}

/** The loaded programs, for all threads of the process. */
export interface KernelSource {
  readonly input: KernelInput;
  close(): void;
}

/**
 * Loads the kernel meter where the configuration wants or allows it.
 *
 * @returns undefined where metering is by ctnetlink
 * @throws WeirError where --source kernel cannot be had
 */
export function openKernelSource(config: ProbeConfig, log: Log): KernelSource | undefined {
  if (config.source === 'ctnetlink') return undefined;
  const opened = tryOpen(config);
  return typeof opened === 'string' ? useCtnetlink(opened, config.source === 'kernel', log) : opened;
}

/** Says why ctnetlink takes the kernel meter's place. @throws WeirError where it may not */
export function useCtnetlink(reason: string, isKernelRequired: boolean, log: Log): undefined {
  if (isKernelRequired) {
    throw new WeirError(`--source kernel: ${reason}; or use --source ctnetlink, which needs none of this`);
  }
  log(`source: ctnetlink; the kernel meter is not used: ${reason}`);
}

function tryOpen(config: ProbeConfig): KernelSource | string {
  const fields = parseFields(config.fields);
  if (fields.natLog) return 'the log of translations needs the events of beginnings, which it does not make';
  const reason = whyNoKernelMeter();
  if (reason !== undefined) return reason;
  const isDefault = isPreset(fields, 'default');
  const preset = isDefault ? 'default' : 'full';
  try {
    const programs = new KernelPrograms({ full: !isDefault, tcpEvents: config['tcp-events'] });
    const { descriptors } = programs;
    const isRequired = config.source === 'kernel';
    const input = { descriptors, preset, isWanted: isPreset(fields, preset), isRequired } as const;
    return { input, close: () => programs.close() };
  } catch (error) {
    if (error instanceof WeirError) return error.message;
    throw error;
  }
}

function isPreset({ fields }: FieldSelection, preset: 'default' | 'full'): boolean {
  const own = parseFields(preset).fields;
  return own.length === fields.length && own.every((field, i) => field === fields[i]);
}
