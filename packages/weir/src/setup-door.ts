import { collectorSchema } from '@weir/collector/schema';
import {
  type ControlServer,
  type ProbeConfig,
  probeSchema,
  type SettingChanges,
  Setup,
  type SetupDoor,
  serveControl,
} from '@weir/probe';
import type { TProperties } from 'typebox';
import type { Configuration } from './configuration.js';
import { WeirError } from './error.js';
import { VERSION } from './version.js';
import { editYaml, pickYaml } from './yaml-edit.js';

const PROBE_KEYS = Object.keys(probeSchema.properties);

export interface SetupDoorOptions<T extends TProperties> {
  readonly configuration: Configuration<T>;
  /** What the probe is to work by, where these are the values of all settings. */
  readonly probeConfig: (values: ReturnType<Configuration<T>['read']>) => ProbeConfig;
  readonly look: SetupDoor['look'];
  readonly reconfigure: SetupDoor['reconfigure'];
  readonly restart?: SetupDoor['restart'];
}

/** The configuration of a command, for who sets the probe up. */
export function setupDoor<T extends TProperties>(options: SetupDoorOptions<T>): SetupDoor {
  const { configuration, probeConfig, look, reconfigure, restart } = options;
  return {
    version: VERSION,
    file: configuration.file,
    resolve(text) {
      const { settings, values, wrong } = configuration.resolve(text);
      return {
        settings: Object.fromEntries(Object.entries(settings).filter(([key]) => PROBE_KEYS.includes(key))),
        config: probeConfig(values),
        problems: wrong.map(({ key, message }) => ({ key, level: 'error', message })),
      };
    },
    edit: (text, changes) => editYaml(text, checkKeys(changes)),
    shown: text => pickYaml(text, PROBE_KEYS),
    look,
    reconfigure,
    restart,
  };
}

/** A probe that is started again is asked where it was asked before: the endpoint outlives it. */
export function withEndpointOf(inForce: ProbeConfig, next: ProbeConfig): ProbeConfig {
  const { control: _control, 'control-token-file': _file, ...others } = next;
  const { control, 'control-token-file': file } = inForce;
  return {
    ...others,
    ...(control === undefined ? {} : { control }),
    ...(file === undefined ? {} : { 'control-token-file': file }),
  };
}

function checkKeys(changes: SettingChanges): SettingChanges {
  const unknown = Object.keys(changes).find(key => !PROBE_KEYS.includes(key));
  if (unknown === undefined) return changes;
  const whose = Object.hasOwn(collectorSchema.properties, unknown) ? 'a setting of the collector' : 'no setting';
  throw new WeirError(`"${unknown}" is ${whose}: the settings of the probe are ${PROBE_KEYS.join(', ')}`);
}

export interface SetupServer {
  /** Where it is served. */
  readonly urls: readonly string[];
  close(): Promise<void>;
}

/** Serves the setup at each of the addresses. @throws WeirError where one cannot be had; then none is served */
export async function serveSetup(
  door: SetupDoor,
  addresses: readonly string[],
  tokenFile: string | undefined,
): Promise<SetupServer> {
  const setup = new Setup(door);
  const servers: ControlServer[] = [];
  const close = async () => {
    setup.close();
    await Promise.all(servers.map(server => server.close()));
  };
  try {
    for (const address of addresses) servers.push(await serveControl({ address, tokenFile, setup }));
  } catch (error) {
    await close();
    throw error;
  }
  return { urls: servers.map(({ url }) => url), close };
}
