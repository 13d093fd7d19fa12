import { elementOf, isLegalLength, REVERSE_ENTERPRISE } from '../../wire/elements.js';
import { fieldName, type WireTemplate } from '../../wire/template.js';
import { notObservable, passed } from '../case.js';
import { type ExporterCase, each, verdict } from './exporter-case.js';
import { type Heard, type HeardSession, type Placed, setsOf, templatesOf } from './heard.js';

const NO_TEMPLATE = 'no Template came';

/** Without a repetition for so long none can be expected: the longest interval that exporters have by default is 30 minutes. */
const LONG = 1800_000;

/** Templates and their management: RFC 7011 sections 3.2, 6.2 and 8. */
export const templateCases: readonly ExporterCase[] = [
  {
    id: 'registered-elements',
    title: 'Elements without an Enterprise Number are the registered ones',
    section: 'RFC 7011 3.2',
    level: 'MUST',
    looks: 'every Field Specifier, by the registry of the IANA as this version knows it',
    judge: heard =>
      each(templatesOf(heard), NO_TEMPLATE, ({ it }) => {
        const unknown = it.fields.filter(({ enterprise, id }) => enterprise === 0 && elementOf(0, id) === undefined);
        return unknown.length === 0
          ? undefined
          : `Template ${it.id} has ${unknown.map(({ id }) => `element ${id}`).join(', ')}`;
      }),
  },
  {
    id: 'element-lengths',
    title: 'Elements have a length that their type may have',
    section: 'RFC 7011 6.1, 6.2',
    level: 'MUST',
    looks: 'every Field Specifier of a known element; reduced-size encoding is for integers and float64 alone',
    judge: heard =>
      each(templatesOf(heard), NO_TEMPLATE, ({ it }) => {
        const wrong = it.fields.filter(({ enterprise, id, length }) => {
          const type = elementOf(enterprise, id)?.type;
          return type !== undefined && !isLegalLength(type, length);
        });
        const text = wrong.map(
          each => `${fieldName(each)} (${elementOf(each.enterprise, each.id)!.type}) in ${each.length} octets`,
        );
        return text.length === 0 ? undefined : `Template ${it.id} has ${text.join(', ')}`;
      }),
  },
  {
    id: 'template-refresh',
    title: 'Templates are sent again at regular intervals over UDP',
    section: 'RFC 7011 8.4',
    level: 'MUST',
    looks: 'whether each Template in use came at least twice',
    judge: judgeRefresh,
  },
  {
    id: 'template-copies',
    title: 'A Template is sent several times in a Message of its own before its data over UDP',
    section: 'RFC 7011 8.4',
    level: 'SHOULD',
    looks: 'the Messages before the first Data Set of each Template in a session heard from its beginning',
    judge: judgeCopies,
  },
  {
    id: 'no-withdrawal-udp',
    title: 'No Template Withdrawal is sent over UDP',
    section: 'RFC 7011 8.4',
    level: 'MUST',
    looks: 'every Template Set over UDP',
    judge: heard =>
      each(templateSets(heard, 'udp'), 'no Template came over UDP', ({ it }) =>
        it.withdrawn.length === 0 ? undefined : `Template ${it.withdrawn.join(', ')} is withdrawn`,
      ),
  },
  {
    id: 'withdrawal-known',
    title: 'Only Templates that are there are withdrawn',
    section: 'RFC 7011 8.1',
    level: 'MUST',
    looks: 'every Template Withdrawal over a connection',
    judge: judgeWithdrawals,
  },
  {
    id: 'template-redefined',
    title:
      'A Template ID gets a new meaning only behind a withdrawal, over UDP only after three times the interval of repetition',
    section: 'RFC 7011 8.1, 8.4',
    level: 'MUST',
    looks: 'every Template of an ID that was told before with other fields',
    judge: judgeRedefinitions,
  },
];

function* templateSets(heard: Heard, transport: string): ReturnType<typeof setsOf> {
  for (const each of setsOf(heard)) {
    if ((each.it.id === 2 || each.it.id === 3) && each.session.transport === transport) yield each;
  }
}

/** When each Template of a session came, by Observation Domain and ID. */
function toldTimes(session: HeardSession): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const message of session.messages) {
    for (const { id } of message.sets.flatMap(({ templates }) => templates)) {
      const key = `${message.header.domain} ${id}`;
      times.set(key, [...(times.get(key) ?? []), message.time]);
    }
  }
  return times;
}

function judgeRefresh(heard: Heard): ReturnType<ExporterCase['judge']> {
  const problems: string[] = [];
  let repeated = 0;
  let once = 0;
  for (const session of heard.sessions.filter(({ transport }) => transport === 'udp')) {
    const end = session.messages.at(-1)?.time ?? 0;
    for (const [key, times] of toldTimes(session)) {
      // A second copy at once is no refresh.
      if (times.at(-1)! - times[0]! > 500) repeated++;
      else if (end - times[0]! > LONG)
        problems.push(`Template ${key.split(' ')[1]} came once in ${Math.round((end - times[0]!) / 1000)} s`);
      else once++;
    }
  }
  const verdictNow = verdict(problems, repeated > 0, 'no Template came twice over UDP in the time listened');
  return verdictNow.outcome === 'passed' && once > 0
    ? passed(`${once} of ${once + repeated} came but once in the time listened`)
    : verdictNow;
}

function judgeCopies(heard: Heard): ReturnType<ExporterCase['judge']> {
  const problems: string[] = [];
  let isSeen = false;
  for (const { transport, messages } of heard.sessions) {
    if (transport !== 'udp' || messages[0]?.header.sequence !== 0) continue;
    const copies = new Map<number, number>();
    const judged = new Set<number>();
    for (const { sets } of messages) {
      const isOwn = sets.every(({ id }) => id < 256);
      for (const { id, template, templates } of sets) {
        if (isOwn) for (const each of templates) copies.set(each.id, (copies.get(each.id) ?? 0) + 1);
        if (template === undefined || judged.has(id)) continue;
        judged.add(id);
        isSeen = true;
        const count = copies.get(id) ?? 0;
        if (count < 2)
          problems.push(
            `of Template ${id} ${count === 0 ? 'no copy' : 'one copy'} came in a Message of its own before its data`,
          );
      }
    }
  }
  return verdict(problems, isSeen, 'no session over UDP was heard from its beginning');
}

function judgeWithdrawals(heard: Heard): ReturnType<ExporterCase['judge']> {
  const known = new Set<string>();
  const problems: string[] = [];
  let isSeen = false;
  for (const { session, message, it } of setsOf(heard)) {
    if (session.transport !== 'tcp') continue;
    const key = (id: number): string => `${heard.sessions.indexOf(session)} ${message.header.domain} ${id}`;
    for (const id of it.withdrawn.filter(each => each > 3)) {
      isSeen = true;
      if (!known.delete(key(id))) problems.push(`Template ${id} is withdrawn, but not there`);
    }
    for (const { id } of it.templates) known.add(key(id));
  }
  return verdict(problems, isSeen, 'no Template was withdrawn over a connection');
}

interface Told {
  readonly text: string;
  time: number;
}

function judgeRedefinitions(heard: Heard): ReturnType<ExporterCase['judge']> {
  const told = new Map<string, Told>();
  const problems: string[] = [];
  let unsure = 0;
  let isSeen = false;
  for (const placed of setsOf(heard)) {
    const { session, message, it } = placed;
    const prefix = `${heard.sessions.indexOf(session)} ${message.header.domain} `;
    for (const id of it.withdrawn) for (const key of withdrawnKeys(told, prefix, id)) told.delete(key);
    for (const template of it.templates) {
      isSeen = true;
      const key = prefix + template.id;
      const text = definition(template);
      const before = told.get(key);
      if (before !== undefined && before.text !== text) {
        if (session.transport === 'tcp') problems.push(`Template ${template.id} changed without a withdrawal`);
        else if (!waited(placed, before.time, template.id))
          problems.push(`Template ${template.id} changed ${message.time - before.time} ms after it was last told`);
        else unsure++;
      }
      told.set(key, { text, time: message.time });
    }
  }
  if (problems.length === 0 && unsure > 0)
    return notObservable('a Template changed, and its interval of repetition is not known');
  return verdict(problems, isSeen, NO_TEMPLATE);
}

/** Without a known interval anything beyond a second may have been long enough. */
function waited({ session, message }: Placed<unknown>, last: number, id: number): boolean {
  const times = (toldTimes(session).get(`${message.header.domain} ${id}`) ?? []).filter(time => time <= last);
  const interval = times.length > 1 ? (last - times[0]!) / (times.length - 1) : 333;
  return message.time - last >= 3 * interval;
}

function withdrawnKeys(told: ReadonlyMap<string, unknown>, prefix: string, id: number): string[] {
  return id > 3 ? [prefix + id] : [...told.keys()].filter(key => key.startsWith(prefix));
}

function definition({ scopes, fields }: WireTemplate): string {
  return `${scopes} ${fields.map(({ enterprise, id, length }) => `${enterprise}:${id}:${length}`).join(' ')}`;
}

/** Whether any field is a Reverse Information Element. */
export function isBiflow({ fields }: WireTemplate): boolean {
  return fields.some(({ enterprise }) => enterprise === REVERSE_ENTERPRISE);
}
