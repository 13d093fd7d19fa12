import Type from 'typebox';
import { about, count, optional, time } from './parts.js';

export const exporterStatusSchema = Type.Object(
  {
    address: Type.String(),
    observationDomainId: count(),
    transport: Type.String(about('"udp", "tcp", "tls", "sctp"')),
    firstSeen: time(),
    lastSeen: time(),
    clockBehind: optional(
      Type.Number(
        about(
          'milliseconds by which its clock is behind ours, negative where it is ahead: the least of some minutes; up to a second, and the time on the way, belong to no clock; absent until a Message has come since the start',
        ),
      ),
    ),
    messages: count(),
    records: count(),
    octets: count(),
    lostRecords: count('Data Records that the sequence numbers say were sent and that never came'),
    lostMessages: optional(
      count(
        'NetFlow v9 datagrams that the sequence numbers say were sent and that never came; absent where none is missing',
      ),
    ),
    droppedDatagrams: optional(
      count(
        'its datagrams that found no room in the raw spool; their records show as lostRecords too; absent where none',
      ),
    ),
    unknownTemplateSets: count('Data Sets whose Template was not known when they came'),
    lateSets: optional(count('of these, those that were read when it came')),
    duplicateRecords: optional(
      count('Flow Records that repeat what another exporter tells, marked `duplicate`; absent where there are none'),
    ),
    malformedMessages: count(),
    templates: count(),
    statistics: optional(
      Type.Record(
        Type.String(),
        Type.Number(),
        about(
          'newest Options Data Record of statistics, keyed by IANA name (or a registered private name); absent if none came',
        ),
      ),
    ),
  },
  about(
    'what an exporter says of itself in Options Data Records (RFC 7011 section 4), and what the collector saw of it',
  ),
);

export const interfacesSchema = Type.Object(
  {
    interfaces: Type.Array(
      Type.Object({
        exporter: Type.String(),
        observationDomainId: count(),
        interface: count('its number, as in ingressInterface'),
        name: Type.String(),
        description: Type.String(about('"" where the exporter tells none')),
      }),
    ),
  },
  about('what exporters call their interfaces now'),
);

export const templateSchema = Type.Object(
  {
    templateId: count(),
    fields: Type.Array(
      Type.String(),
      about('in the order of the Template, at most 512: IANA names, names that the exporter has told, or PEN:ID'),
    ),
    options: Type.Boolean(about('an Options Template: its records tell of the exporter, not of Flows')),
  },
  about('a Template that the exporter has told and not withdrawn'),
);

export const exportersSchema = Type.Object({
  exporters: Type.Array(
    Type.Object(
      {
        ...exporterStatusSchema.properties,
        fields: Type.Array(
          Type.Object({ name: Type.String(), templates: count('Templates that have it') }),
          about('what the Templates listed have, in most of them first'),
        ),
        interfaces: Type.Array(
          Type.Object({
            interface: count('its number, as in ingressInterface'),
            name: Type.String(),
            description: Type.String(about('"" where the exporter tells none')),
          }),
          about('what it calls its interfaces now'),
        ),
        templateList: Type.Array(templateSchema, about('at most 256; `templates` counts all')),
      },
      about('an exporter as in /api/v1/status, and what it tells of its records and interfaces'),
    ),
  ),
});
