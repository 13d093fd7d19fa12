import { createHash } from 'node:crypto';
import type { EventKind, TrafficEvent } from '../analysis/events/event.js';
import type { News } from './news.js';
import { countText, durationText, headline, plain, sizeText, timeText } from './words.js';

/** One event in a message. */
export interface MessageItem {
  readonly change: News['change'];
  readonly event: TrafficEvent;
  /** In one line, without its address. */
  readonly line: string;
  /** Of the pages, with the traffic of the event; undefined where nobody knows it. */
  readonly link: string | undefined;
}

/** What goes to a channel at once. */
export interface AlertMessage {
  /** The same for the same news, so that a receiver can tell a repetition. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** One line. */
  readonly title: string;
  /** All of it for people, lines with a line feed between. */
  readonly text: string;
  readonly items: readonly MessageItem[];
  /** In one line each: what else there is to say, such as how many events are not listed. */
  readonly notes: readonly string[];
}

/** What a message says beside its news. */
export interface Circumstances {
  /** Base of links to the pages, with a slash at its end. */
  readonly pages: string;
  /** Since when messages were held back by the limit, milliseconds since the epoch. */
  readonly heldSince: number | undefined;
  /** Where this is the last message that the limit allows for now: until when, milliseconds since the epoch. */
  readonly silentUntil: number | undefined;
  readonly limit: number;
  /** Events that there was no room for. */
  readonly dropped: number;
}

/** Events that one message lists: who reads more looks at the pages. */
const MOST_LISTED = 20;
const MOST_CAUSES = 5;
/** What is shown before an event begins, milliseconds. */
const BEFORE = 1_800_000;
const ORDER: readonly News['change'][] = ['begun', 'worse', 'reminder', 'ended'];

/** Puts news into one message. @param now milliseconds since the epoch */
export function messageOf(news: readonly News[], circumstances: Circumstances, now: number): AlertMessage {
  const sorted = [...news].sort(
    (a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || a.event.start - b.event.start,
  );
  const listed = sorted.slice(0, MOST_LISTED);
  const items = listed.map(({ change, event }) => ({
    ...{ change, event },
    line: `${prefixes[change]}${headline(event)}; ${details(change, event, now).join('; ')}`,
    link: linkTo(event, circumstances.pages),
  }));
  const notes = notesOf(sorted.slice(MOST_LISTED), circumstances);
  const blocks = listed.map(({ change, event }, i) =>
    [`${prefixes[change]}${headline(event)}`, ...details(change, event, now), items[i]!.link]
      .filter(line => line !== undefined)
      .join('\n  '),
  );
  const text = [...blocks, ...notes].join('\n\n');
  return { id: idOf(sorted), at: now, title: titleOf(sorted), text, items, notes };
}

const prefixes: Readonly<Record<News['change'], string>> = {
  begun: 'New: ',
  worse: 'Worse: ',
  reminder: 'Still going on: ',
  ended: 'Over: ',
};

function titleOf(news: readonly News[]): string {
  const [first, ...others] = news as [News, ...News[]];
  const headed = `Weir: ${prefixes[first.change].toLowerCase()}${headline(first.event)}`;
  return others.length === 0 ? headed : `${headed}, and ${others.length} more`;
}

/** When, how much, and why. */
function details(change: News['change'], event: TrafficEvent, now: number): string[] {
  const { start, end, causes } = event;
  const when =
    end === undefined
      ? `since ${timeText(start)}, for ${durationText(now - start)}`
      : `from ${timeText(start)} to ${timeText(end)}, ${durationText(end - start)}`;
  const why = causes
    .slice(0, MOST_CAUSES)
    .map(({ name, share }) => `${plain(name)} (${Math.round(share * 100)} %)`)
    .join(', ');
  return [
    when,
    `${change === 'ended' ? 'at its worst ' : ''}${sizeText(event)}`,
    ...(why === '' ? [] : [`mostly due to ${why}`]),
  ];
}

/** The overview with the traffic of the subject, from a little before it began; of what has a place the map as it was then. */
function linkTo({ subject, start, end }: TrafficEvent, pages: string): string {
  const { place } = subject;
  if (place !== undefined) {
    const pick = 'link' in place ? `${place.topology}|l|${place.link}` : `${place.topology}|n|${place.node}`;
    return `${pages}?${new URLSearchParams({ page: 'map', at: String(Math.round(start)), pick })}`;
  }
  const parameters = new URLSearchParams({ from: String(start - BEFORE) });
  if (end !== undefined) parameters.set('to', String(end + BEFORE));
  if (subject.filter !== '') parameters.set('filter', subject.filter);
  return `${pages}?${parameters}`;
}

function notesOf(unlisted: readonly News[], { heldSince, silentUntil, limit, dropped }: Circumstances): string[] {
  const counts = new Map<EventKind, number>();
  for (const { event } of unlisted) counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => countText(kind, count)).join(', ');
  return [
    ...(unlisted.length === 0 ? [] : [`And ${unlisted.length} more that are not listed: ${kinds}.`]),
    ...(heldSince === undefined
      ? []
      : [
          `This sums up what was held back since ${timeText(heldSince)}: a channel gets ${limit} messages an hour at most.`,
        ]),
    ...(dropped === 0 ? [] : [`There were ${dropped} more events than can be kept in mind: the pages have them all.`]),
    ...(silentUntil === undefined
      ? []
      : [
          `That is message ${limit} of this hour: what comes now is held back, and summed up at ${timeText(silentUntil)}.`,
        ]),
  ];
}

function idOf(news: readonly News[]): string {
  const said = news.map(({ change, event: { id, end }, toldAt }) => [id, change, toldAt ?? 0, end ?? 0]);
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 24);
}

/** What `weir alert test` sends. */
export function testMessage(channel: string, pages: string, now: number): AlertMessage {
  const text = `This is a test by somebody who set up alerts: nothing has happened.\n\nSent at ${timeText(now)} by the channel "${channel}".\n${pages}`;
  return { id: `test-${channel}-${now}`, at: now, title: 'Weir: a test of alerts', text, items: [], notes: [] };
}
