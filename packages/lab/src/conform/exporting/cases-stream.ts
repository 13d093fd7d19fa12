import { failed, notObservable, passed } from '../case.js';
import { type ExporterCase, each, verdict } from './exporter-case.js';
import { type Heard, type HeardMessage, type HeardSession, placeText, setsOf } from './heard.js';

const NOTHING = 'no Message came';

/** Clocks of two machines may differ, and Messages wait; beyond a minute it is no Export Time. */
const CLOCK_SECONDS = 60;

function* messagesOf(heard: Heard): Generator<{ session: HeardSession; message: HeardMessage; it: HeardMessage }> {
  for (const session of heard.sessions) for (const message of session.messages) yield { session, message, it: message };
}

/** Sequence numbers, times and sizes of Messages: RFC 7011 sections 3.1, 8.2 and 10. */
export const streamCases: readonly ExporterCase[] = [
  {
    id: 'sequence',
    title: 'Sequence numbers count the Data Records before',
    section: 'RFC 7011 3.1, 10.3.2',
    level: 'MUST',
    looks:
      'the sequence number of each Message against that before and its Data Records, those of Options Templates too, for each Observation Domain',
    judge: judgeSequence,
  },
  {
    id: 'sequence-start',
    title: 'A connection begins with sequence number 0',
    section: 'RFC 7011 3.1',
    level: 'MUST',
    looks: 'the first Message of each Observation Domain over TCP',
    judge(heard) {
      const seen = new Set<string>();
      const firsts = [...messagesOf(heard)].filter(({ session, message }) => {
        const key = `${heard.sessions.indexOf(session)} ${message.header.domain}`;
        return session.transport === 'tcp' && !seen.has(key) && seen.add(key);
      });
      return each(firsts, 'no connection came', ({ message: { header } }) =>
        header.sequence === 0 ? undefined : `it begins with ${header.sequence}`,
      );
    },
  },
  {
    id: 'export-time',
    title: 'The Export Time is the time at which the Message leaves',
    section: 'RFC 7011 3.1, 5.1',
    level: 'MUST',
    looks: 'the Export Time of each Message against the clock here, up to a minute',
    judge: heard =>
      each(messagesOf(heard), NOTHING, ({ message: { header, time } }) => {
        const late = Math.round(time / 1000) - header.exportTime;
        return Math.abs(late) <= CLOCK_SECONDS ? undefined : `${late} s before it came`;
      }),
  },
  {
    id: 'export-time-order',
    title: 'Data do not have an Export Time before that of their Template',
    section: 'RFC 7011 8.2',
    level: 'MUST',
    looks: 'the Export Times of Messages with Templates, and of later ones with their data',
    judge(heard) {
      const told = new Map<string, number>();
      return each(setsOf(heard), NOTHING, ({ session, message: { header }, it }) => {
        const key = (id: number): string => `${heard.sessions.indexOf(session)} ${header.domain} ${id}`;
        for (const { id } of it.templates) if (!told.has(key(id))) told.set(key(id), header.exportTime);
        const first = it.id > 255 ? told.get(key(it.id)) : undefined;
        if (first === undefined || header.exportTime >= first) return undefined;
        return `data of Template ${it.id} exported at ${header.exportTime}, the Template at ${first}`;
      });
    },
  },
  {
    id: 'reconnect',
    title: 'A connection that has ended is set up again once a minute at most, by default',
    section: 'RFC 7011 10.4.4',
    level: 'MUST',
    looks: 'the connections of a host that began after one of its own had ended: in the time listened',
    judge: judgeReconnecting,
  },
  {
    id: 'message-size',
    title: 'Messages over UDP fit into a packet of the path',
    section: 'RFC 7011 10.3.3',
    level: 'MUST',
    looks: 'the length of each datagram with its headers, against --mtu',
    judge: (heard, { mtu }) =>
      each(
        [...messagesOf(heard)].filter(({ session }) => session.transport === 'udp'),
        'no Message came over UDP',
        ({ session, it }) => {
          const octets = it.bytes.length + (session.peer.includes(':') ? 48 : 28);
          return octets <= mtu ? undefined : `packets of ${octets} octets where ${mtu} fit`;
        },
      ),
  },
];

const MINUTE = 60_000;

function judgeReconnecting(heard: Heard): ReturnType<ExporterCase['judge']> {
  const problems: string[] = [];
  let isSeen = false;
  const connections = heard.sessions.filter(({ transport }) => transport === 'tcp');
  for (const again of connections) {
    const host = (session: HeardSession): string => session.peer.split(' ')[0]!;
    const before = connections.filter(
      each => host(each) === host(again) && each.ended !== undefined && each.ended <= again.began,
    );
    const last = Math.max(...before.map(({ began }) => began));
    if (before.length === 0) continue;
    isSeen = true;
    if (again.began - last < MINUTE)
      problems.push(`${again.peer} connected ${again.began - last} ms after its connection before`);
  }
  return verdict(problems, isSeen, 'no connection was set up again');
}

function judgeSequence(heard: Heard): ReturnType<ExporterCase['judge']> {
  const problems: string[] = [];
  let compared = 0;
  let uncounted = 0;
  for (const session of heard.sessions) {
    const next = new Map<number, number | undefined>();
    for (const message of session.messages) {
      const { domain, sequence } = message.header;
      const expected = next.get(domain);
      if (expected !== undefined) {
        compared++;
        if (sequence !== expected)
          problems.push(`${sequence}, where ${expected} was due (${placeText({ session, message })})`);
      } else if (next.has(domain)) uncounted++;
      next.set(domain, countOf(message) === undefined ? undefined : (sequence + countOf(message)!) % 2 ** 32);
    }
  }
  if (compared > 0) return verdict(problems, true, '');
  return notObservable(
    uncounted > 0
      ? 'no Message could be counted: its Templates did not come'
      : 'no two Messages of an Observation Domain came',
  );
}

/** Data Records of the Message; undefined where they cannot be counted. */
function countOf({ faults, sets }: HeardMessage): number | undefined {
  if (faults.some(({ rule }) => ['template-first', 'record', 'set-length', 'length', 'version'].includes(rule)))
    return undefined;
  return sets.reduce((sum, { records }) => sum + records.length, 0);
}

/** Whether the sessions are over what the exporter was asked for. */
export const heardCase: ExporterCase = {
  id: 'export',
  title: 'Templates and Data Records are exported',
  section: 'RFC 5471 3.1.1',
  level: 'MUST',
  looks: 'whether anything came',
  judge(heard) {
    const sets = [...setsOf(heard)];
    if (heard.sessions.length === 0) return failed('nothing came in the time listened');
    if (!sets.some(({ it }) => it.id > 255)) return failed('no Data Set came in the time listened');
    return sets.some(({ it }) => it.templates.length > 0) ? passed() : failed('no Template came in the time listened');
  },
};
