import { fieldName, type WireTemplate } from '../../wire/template.js';
import { type ExporterCase, each } from './exporter-case.js';
import { type Heard, templatesOf } from './heard.js';

const OPTIONAL = 'none came; they are optional';

/** Options Templates that have any of these elements. */
function* optionsWith(heard: Heard, names: readonly string[]): ReturnType<typeof templatesOf> {
  for (const each of templatesOf(heard)) {
    if (each.it.scopes !== undefined && each.it.fields.some(field => names.includes(fieldName(field)))) yield each;
  }
}

function scopesOf({ scopes, fields }: WireTemplate): string[] {
  return fields.slice(0, scopes).map(fieldName);
}

const METERING = ['exportedMessageTotalCount', 'exportedFlowRecordTotalCount', 'exportedOctetTotalCount'];
const METERING_LOSS = ['ignoredPacketTotalCount', 'ignoredOctetTotalCount'];
const EXPORTING_LOSS = ['notSentFlowTotalCount', 'notSentPacketTotalCount', 'notSentOctetTotalCount'];
const EXPORTER_SCOPES = ['exporterIPv4Address', 'exporterIPv6Address', 'exportingProcessId'];

/** Where the Message names no Observation Domain, the scope has to (RFC 7011 sections 4.1 and 4.2). */
function scopedToDomain(heard: Heard, names: readonly string[]): ReturnType<ExporterCase['judge']> {
  return each(optionsWith(heard, names), OPTIONAL, ({ message, it }) => {
    const fields = it.fields.map(fieldName);
    const scopes = scopesOf(it);
    if (message.header.domain === 0 && !scopes.includes('observationDomainId'))
      return `Options Template ${it.id} has no scope observationDomainId, and its Message Observation Domain 0`;
    const unscoped = ['observationDomainId', 'meteringProcessId'].filter(
      name => fields.includes(name) && !scopes.includes(name),
    );
    return unscoped.length === 0 ? undefined : `${unscoped.join(', ')} of Options Template ${it.id} is no Scope Field`;
  });
}

/** "SHOULD contain" of sections 4.1 to 4.4. */
function whole(heard: Heard, names: readonly string[]): ReturnType<ExporterCase['judge']> {
  return each(optionsWith(heard, names), OPTIONAL, ({ it }) => {
    const fields = it.fields.map(fieldName);
    const absent = names.filter(name => !fields.includes(name));
    return absent.length === 0 ? undefined : `Options Template ${it.id} lacks ${absent.join(', ')}`;
  });
}

/** What processes say of themselves: RFC 7011 section 4. */
export const optionsCases: readonly ExporterCase[] = [
  {
    id: 'metering-statistics',
    title: 'Metering Process Statistics are whole',
    section: 'RFC 7011 4.1',
    level: 'SHOULD',
    looks: `Options Templates with any of ${METERING.join(', ')}`,
    judge: heard => whole(heard, METERING),
  },
  {
    id: 'metering-scope',
    title: 'Statistics of a Metering Process have its Observation Domain as their scope',
    section: 'RFC 7011 4.1, 4.2',
    level: 'MUST',
    looks: 'the scope of Options Templates with statistics of the Metering Process',
    judge: heard => scopedToDomain(heard, [...METERING, ...METERING_LOSS]),
  },
  {
    id: 'metering-reliability',
    title: 'Metering Process Reliability Statistics are whole',
    section: 'RFC 7011 4.2',
    level: 'SHOULD',
    looks: `Options Templates with any of ${METERING_LOSS.join(', ')}`,
    judge: heard => whole(heard, METERING_LOSS),
  },
  {
    id: 'exporting-reliability',
    title: 'Exporting Process Reliability Statistics are whole',
    section: 'RFC 7011 4.3',
    level: 'SHOULD',
    looks: `Options Templates with any of ${EXPORTING_LOSS.join(', ')}`,
    judge: heard => whole(heard, EXPORTING_LOSS),
  },
  {
    id: 'exporting-scope',
    title: 'Exporting Process Reliability Statistics have the Exporting Process as their scope',
    section: 'RFC 7011 4.3',
    level: 'MUST',
    looks: `whether ${EXPORTER_SCOPES.join(', ')} is a Scope Field`,
    judge: heard =>
      each(optionsWith(heard, EXPORTING_LOSS), OPTIONAL, ({ it }) => {
        const scopes = scopesOf(it);
        if (EXPORTER_SCOPES.some(name => scopes.includes(name))) return undefined;
        return `Options Template ${it.id} has the scope ${scopes.join(', ')}`;
      }),
  },
  {
    id: 'flow-keys-scope',
    title: 'flowKeyIndicator is scoped by templateId',
    section: 'RFC 7011 4.4',
    level: 'MUST',
    looks: 'Options Templates with flowKeyIndicator',
    judge: heard =>
      each(optionsWith(heard, ['flowKeyIndicator']), OPTIONAL, ({ it }) =>
        scopesOf(it).includes('templateId')
          ? undefined
          : `Options Template ${it.id} has the scope ${scopesOf(it).join(', ')}`,
      ),
  },
];
