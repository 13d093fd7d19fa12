import { leastLength } from '../../wire/template.js';
import { failed, notObservable, some } from '../case.js';
import { byFaults, type ExporterCase, each } from './exporter-case.js';
import { type Heard, setsOf, templatesOf } from './heard.js';

const NOTHING = 'no Message came';

function hasMessages({ sessions }: Heard): boolean {
  return sessions.some(({ messages }) => messages.length > 0);
}

function has(things: Iterable<unknown>): boolean {
  for (const _ of things) return true;
  return false;
}

/** Messages, Sets and records as octets: RFC 7011 section 3. */
export const formatCases: readonly ExporterCase[] = [
  {
    id: 'version',
    title: 'Every Message has version 10',
    section: 'RFC 7011 3.1',
    level: 'MUST',
    looks: 'the version of every Message',
    judge: heard => byFaults(heard, ['version'], hasMessages(heard), NOTHING),
  },
  {
    id: 'message-length',
    title: 'The Length of a Message is its length',
    section: 'RFC 7011 3.1, 10.4.3',
    level: 'MUST',
    looks: 'the length of each datagram, and where in a stream the next Message begins',
    judge(heard) {
      const broken = heard.sessions.flatMap(each => each.broken);
      return broken.length > 0 ? failed(some(broken)) : byFaults(heard, ['length'], hasMessages(heard), NOTHING);
    },
  },
  {
    id: 'set-length',
    title: 'The Sets fill the Message',
    section: 'RFC 7011 3.3.2',
    level: 'MUST',
    looks: 'the length of every Set',
    judge: heard => byFaults(heard, ['set-length'], hasMessages(heard), NOTHING),
  },
  {
    id: 'set-id',
    title: 'Set IDs are 2, 3, or above 255',
    section: 'RFC 7011 3.3.2',
    level: 'MUST',
    looks: 'the ID of every Set',
    judge: heard => byFaults(heard, ['set-id'], has(setsOf(heard)), NOTHING),
  },
  {
    id: 'template-id',
    title: 'Template IDs are above 255',
    section: 'RFC 7011 3.4.1, 3.4.2.2',
    level: 'MUST',
    looks: 'every Template Record and Options Template Record',
    judge: heard => byFaults(heard, ['template-id'], hasTemplateSets(heard), 'no Template came'),
  },
  {
    id: 'template-length',
    title: 'Template Records end within their Set',
    section: 'RFC 7011 3.4.1, 3.2',
    level: 'MUST',
    looks: 'Field Counts, and the Enterprise Number wherever the Enterprise bit is set',
    judge: heard => byFaults(heard, ['template-length'], hasTemplateSets(heard), 'no Template came'),
  },
  {
    id: 'scope-count',
    title: 'Options Templates have at least one Scope Field, and no more than fields',
    section: 'RFC 7011 3.4.2.2',
    level: 'MUST',
    looks: 'the Scope Field Count of every Options Template Record',
    judge(heard) {
      const options = [...setsOf(heard)].filter(({ it }) => it.id === 3);
      return byFaults(heard, ['scope-count'], options.length > 0, 'no Options Template came');
    },
  },
  {
    id: 'template-before-data',
    title: 'Data Sets come behind their Templates',
    section: 'RFC 7011 8, 8.2',
    level: 'MUST',
    looks:
      'whether the Template of every Data Set came before it in its session; one that was under way before is not judged',
    judge(heard) {
      const isData = ({ it }: { it: { id: number } }): boolean => it.id > 255;
      const late = heard.sessions.some(
        session => session.transport === 'udp' && (session.messages[0]?.header.sequence ?? 0) > 0,
      );
      const verdict = byFaults(heard, ['template-first'], [...setsOf(heard)].some(isData), 'no Data Set came');
      if (verdict.outcome !== 'failed' || !late) return verdict;
      return notObservable(`the session was under way before it was listened to: ${verdict.why}`);
    },
  },
  {
    id: 'data-records',
    title: 'Data Sets hold whole Data Records',
    section: 'RFC 7011 3.3.1, 3.4.3',
    level: 'MUST',
    looks: 'every Data Set, by the lengths of its Template',
    judge(heard) {
      const known = [...setsOf(heard)].some(({ it }) => it.template !== undefined);
      return byFaults(heard, ['record'], known, 'no Data Set with its Template came');
    },
  },
  {
    id: 'padding-zero',
    title: 'Padding is zero',
    section: 'RFC 7011 3.3.1',
    level: 'MUST',
    looks: 'the octets behind the last record of each Set',
    judge: heard =>
      each(padded(heard), 'no Set was padded', ({ message, it }) => {
        const octets = message.bytes.subarray(it.padding.at, it.padding.at + it.padding.length);
        return octets.every(octet => octet === 0) ? undefined : `Set ${it.id} is padded with ${octets.toString('hex')}`;
      }),
  },
  {
    id: 'padding-length',
    title: 'Padding is shorter than any record of its Set',
    section: 'RFC 7011 3.3.1',
    level: 'MUST',
    looks: 'the octets behind the last record of each Set',
    judge: heard =>
      each(padded(heard), 'no Set was padded', ({ it }) => {
        const least = it.template === undefined ? (it.id === 3 ? 6 : 4) : leastLength(it.template);
        if (it.padding.length < least) return undefined;
        return `Set ${it.id} has ${it.padding.length} octets of padding where a record has ${least}`;
      }),
  },
  {
    id: 'template-ids-apart',
    title: 'Templates and Options Templates do not share IDs',
    section: 'RFC 7011 3.4.1',
    level: 'MUST',
    looks: 'the Template IDs of each session and Observation Domain',
    judge(heard) {
      const kinds = new Map<string, boolean>();
      return each(templatesOf(heard), 'no Template came', ({ session, message, it }) => {
        const key = `${heard.sessions.indexOf(session)} ${message.header.domain} ${it.id}`;
        const isOptions = it.scopes !== undefined;
        const before = kinds.get(key) ?? isOptions;
        kinds.set(key, isOptions);
        return before === isOptions ? undefined : `ID ${it.id} is of a Template and of an Options Template`;
      });
    },
  },
];

function* padded(heard: Heard): ReturnType<typeof setsOf> {
  for (const each of setsOf(heard)) if (each.it.padding.length > 0) yield each;
}

function hasTemplateSets(heard: Heard): boolean {
  return [...setsOf(heard)].some(({ it }) => it.id === 2 || it.id === 3);
}
