import type { Parameters } from '../../flow/filter-sql.js';
import { type Asked, operandsOf } from './plan.js';
import { filterOf, type Selection } from './selection.js';

/**
 * What only one of the exporters on a Flow's path tells, or tells in its own way. Who asks for it asks for what an exporter
 * told, whether or not others told of the same Flow.
 */
const ofOneExporter: ReadonlySet<string> = new Set([
  'exporter',
  'observationDomainId',
  'ingressInterface',
  'egressInterface',
  'nextHop',
  'sourceMac',
  'destinationMac',
  'vlan',
  'egressVlan',
  'flowDirection',
  'natSourceAddress',
  'natDestinationAddress',
  'natSourcePort',
  'natDestinationPort',
  'natEvent',
  'mark',
  'zone',
  'status',
  'offload',
  'flowId',
  'samplingInterval',
  'duplicate',
]);

/**
 * SQL: the condition for what a sum counts. Of records that several exporters tell of the same Flow it is one, unless filter or grouping is about
 * exporters or about duplicates.
 * @param by what is told apart.
 * @throws FilterError
 */
export function countedSql(selection: Selection, by: readonly Asked[], parameters: Parameters): string {
  const filter = filterOf(selection, parameters);
  // Conditions that are of no single field are those on translation and on names of interfaces.
  const isWhole = [...by, ...operandsOf(selection)].some(
    asked => asked === undefined || ofOneExporter.has(asked.column),
  );
  return isWhole ? filter : `NOT duplicate AND ${filter}`;
}
