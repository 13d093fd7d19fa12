import { existsSync } from 'node:fs';
import { type Expression, parseFilter } from '@weir/flow';
import type { ProbeConfig } from '../config/schema.js';
import { parseFields } from '../exporting/field-selection.js';
import { changesOf } from '../main/changes.js';
import { parseNamespaces } from '../main/namespaces.js';
import { checkConfig } from '../main/probe.js';
import { selectionOptions } from '../main/selection-options.js';
import { checkCollector } from './check-collector.js';
import { checkAsTable, checkNamespaces, checkSpool, checkState } from './check-files.js';
import { checkControl, checkMetrics } from './check-listen.js';
import type { Problem, Tell } from './types.js';

type Key = keyof ProbeConfig;
/** Throws what is wrong; tells what is no reason to refuse. */
type Check = (config: ProbeConfig, inForce: ProbeConfig, tell: Tell) => void | Promise<void>;

/** What each key means by itself and on this machine; the schema has been looked at before. */
const CHECKS: Partial<Record<Key, Check>> = {
  fields: ({ fields }) => void parseFields(fields),
  filter: checkFilter,
  anonymise: config => void selectionOptions({ ...config, filter: '', 'anonymise-networks': [] }),
  'anonymise-networks': checkNetworks,
  namespace: ({ namespace, domain }, _, tell) => checkNamespaces(parseNamespaces(namespace, domain), tell),
  collector: checkCollectors,
  spool: ({ spool }) => checkSpool(spool),
  state: ({ state }) => checkState(state),
  'as-table': config => checkAsTable(config['as-table']),
  metrics: checkMetrics,
  control: checkControl,
};

/** Keys whose meaning depends on others. */
const TOGETHER: Partial<Record<Key, readonly Key[]>> = {
  anonymise: ['anonymise-networks'],
  domain: ['namespace'],
  'metrics-token-file': ['metrics'],
  'control-token-file': ['control'],
};

/**
 * What speaks against a configuration, beyond the schema: what it means, and what only this machine can tell. What is in force
 * already is not looked at again: who changes one setting is not held up by another.
 */
export async function checkOnMachine(config: ProbeConfig, inForce: ProbeConfig): Promise<Problem[]> {
  const { applied, needRestart } = changesOf(inForce, config);
  const changed = [...applied, ...needRestart] as Key[];
  const keys = new Set(changed.flatMap(key => [key, ...(TOGETHER[key] ?? [])]));
  const problems = (await Promise.all([...keys].map(key => problemsOf(key, config, inForce)))).flat();
  if (problems.some(({ level }) => level === 'error')) return problems;
  return [...problems, ...(await attempt('collector', () => void checkConfig(config)))];
}

function problemsOf(key: Key, config: ProbeConfig, inForce: ProbeConfig): Promise<Problem[]> {
  return attempt(key, tell => CHECKS[key]?.(config, inForce, tell));
}

async function attempt(key: string, check: (tell: Tell) => void | Promise<void>): Promise<Problem[]> {
  const problems: Problem[] = [];
  const tell: Tell = (level, message, item) =>
    problems.push({ key, level, message, ...(item === undefined ? {} : { item }) });
  try {
    await check(tell);
  } catch (error) {
    tell('error', (error as Error).message);
  }
  return problems;
}

/** All are looked at, so that one that is wrong does not hide another. */
async function checkCollectors(config: ProbeConfig, inForce: ProbeConfig, tell: Tell): Promise<void> {
  const added = config.collector.filter(url => !inForce.collector.includes(url));
  await Promise.all(
    added.map(async url => {
      try {
        await checkCollector(url, tell);
      } catch (error) {
        tell('error', (error as Error).message, url);
      }
    }),
  );
}

/** They need a technique; which one makes no difference to them. */
function checkNetworks(config: ProbeConfig): void {
  const { anonymise } = config;
  selectionOptions({ ...config, filter: '', ...(anonymise === undefined ? {} : { anonymise: 'truncate:24,48' }) });
}

/** An interface that is not there is no mistake: it may come. */
function checkFilter(config: ProbeConfig, _: ProbeConfig, tell: Tell): void {
  const { anonymise: _anonymise, ...alone } = config;
  selectionOptions({ ...alone, 'anonymise-networks': [] });
  const names = config.filter?.trim() ? interfacesOf(parseFilter(config.filter)) : [];
  const missing = names.filter(name => name.includes('/') || !existsSync(`/sys/class/net/${name}`));
  if (missing.length > 0) tell('warning', `there is no interface ${missing.join(', ')} now, so nothing is of it`);
}

function interfacesOf(expression: Expression): string[] {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.operands.flatMap(interfacesOf);
  if (expression.kind === 'not') return interfacesOf(expression.operand);
  return expression.kind === 'interface' ? [expression.name] : [];
}
