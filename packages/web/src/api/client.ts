import type { Group } from '../tops/tops.js';
import { tellEstimate, wantsEstimate } from './estimate.js';
import type {
  Bottlenecks,
  Completion,
  ErrorResponse,
  Events,
  Exporters,
  FlowsResponse,
  Names,
  QualityLine,
  QualitySeries,
  Reports,
  SeriesBy,
  SeriesResponse,
  Session,
  SessionStatistics,
  Status,
  Summary,
  Watched,
  WatchedPreview,
} from './types.js';

/** An answer of the API that is an error. `column` counts from 1 and is there where a filter is wrong. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    message: string,
    readonly status: number,
    readonly column?: number,
  ) {
    super(message);
  }
}

/** Whether an error says that the filter was not understood, so that the same question would get the same answer. */
export function refusesFilter(error: unknown, filter: string): error is ApiError {
  return error instanceof ApiError && error.status === 400 && filter !== '';
}

/** Why the collector could not answer, if it said so: neither the filter, nor that there is no connection, which others say. */
export function troubleOf(error: unknown, filter: string): string | undefined {
  return error instanceof ApiError && !(error.status === 400 && filter !== '') ? error.message : undefined;
}

type Parameters = Record<string, string | number | boolean | undefined>;

/** Address of an API call, relative to the page; parameters that are undefined or empty are left out. */
export function apiUrl(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size > 0 ? `api/v1/${path}?${query}` : `api/v1/${path}`;
}

/** What the collector can estimate. */
const ESTIMABLE: ReadonlySet<string> = new Set([
  ...['series', 'series/by', 'summary', 'groups', 'flows'],
  ...['quality', 'quality/series', 'sessions/statistics', 'bottlenecks'],
]);

/** @throws ApiError where the answer is an error */
async function ask(path: string, parameters?: Parameters, signal?: AbortSignal): Promise<Response> {
  const estimate = ESTIMABLE.has(path) && wantsEstimate(signal) ? true : undefined;
  const answer = await fetch(apiUrl(path, { ...parameters, estimate }), {
    headers: { accept: 'application/json' },
    ...(signal && { signal }),
  });
  if (answer.ok) {
    tellEstimate(signal, answer.headers.get('weir-estimate'));
    return answer;
  }
  const body = (await answer.json().catch(() => ({}))) as Partial<ErrorResponse>;
  throw new ApiError(body.error ?? `The collector answered ${answer.status}`, answer.status, body.column);
}

export async function get<T>(path: string, parameters?: Parameters, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, parameters, signal)).json()) as T;
}

/** Milliseconds since the epoch for `from` and `to`. */
export interface Span {
  from: number;
  to?: number;
  filter: string;
}

export function getFlows(
  order: 'newest' | 'largest',
  limit: number,
  span: Span,
  signal: AbortSignal,
): Promise<FlowsResponse> {
  return get('flows', { order, limit, ...span }, signal);
}

/** Flows by their order, those behind a cursor, with the values of further fields. */
export function getFlowPage(
  order: 'newest' | 'largest',
  limit: number,
  span: Span,
  { columns, after }: { columns: readonly string[]; after?: string | undefined },
  signal: AbortSignal,
): Promise<FlowsResponse> {
  return get('flows', { order, limit, ...span, columns: columns.join(','), after }, signal);
}

/** One Flow with all that is known of it, out of the records of a time. */
export function getSession(id: string, from: number, to: number, signal: AbortSignal): Promise<Session> {
  return get('session', { id, from, to }, signal);
}

/** A span of a series; `towards` is a prefix that "in" is towards, where that is not the local networks. */
export interface SeriesSpan extends Span {
  towards?: string;
}

/** `step` in seconds. */
export function getSeries(step: number, span: SeriesSpan, signal?: AbortSignal): Promise<SeriesResponse> {
  return get('series', { step, ...span }, signal);
}

/** The same told apart by a field: its `top` largest values, and all others. */
export function getSeriesBy(
  by: string,
  top: number,
  step: number,
  span: SeriesSpan,
  signal: AbortSignal,
): Promise<SeriesBy> {
  return get('series/by', { by, top, step, ...span }, signal);
}

export function getSummary(span: Span, signal: AbortSignal): Promise<Summary> {
  return get('summary', { ...span }, signal);
}

export function getExporters(signal: AbortSignal): Promise<Exporters> {
  return get('exporters', {}, signal);
}

/** What was unusual; times in milliseconds since the epoch, without `to` until now. */
export function getEvents(asked: { from: number; to?: number; kind?: string }, signal: AbortSignal): Promise<Events> {
  return get('events', { ...asked, limit: 1000 }, signal);
}

/** What is watched for what is not usual. */
export function getWatched(signal: AbortSignal): Promise<Watched> {
  return get('watched', {}, signal);
}

/** A series, with what was expected of it, and what would have been told. @param tried parameters to try; undefined: those that it has */
export function getPreview(
  { filter, from, to }: Span,
  { subject: { place }, measure }: Pick<Watched['series'][number], 'subject' | 'measure'>,
  tried: Watched['series'][number]['fixed'] | undefined,
  signal: AbortSignal,
): Promise<WatchedPreview> {
  const parameters = tried === undefined ? {} : { tried: true, ...tried };
  return get('watched/preview', { filter, from, to, measure, ...place, ...parameters }, signal);
}

/** Sums by fields, at most `top` groups, those with most octets in both directions first: one JSON object a line. */
export async function getGroups(by: readonly string[], top: number, span: Span, signal: AbortSignal): Promise<Group[]> {
  const answer = await ask('groups', { by: by.join(','), top, largest: 'both', ...span }, signal);
  const lines = (await answer.text()).split('\n');
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Group);
}

/** How well Flows went, by a field: at most `top` groups, those with most Flows first. */
export async function getQuality(by: string, top: number, span: Span, signal: AbortSignal): Promise<QualityLine[]> {
  const answer = await ask('quality', { by, top, ...span }, signal);
  const lines = (await answer.text()).split('\n');
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as QualityLine);
}

/** The same over time. `step` in seconds. */
export function getQualitySeries(step: number, span: Span, signal: AbortSignal): Promise<QualitySeries> {
  return get('quality/series', { step, ...span }, signal);
}

/** Reports that are made by themselves. */
export function getReports(signal: AbortSignal): Promise<Reports> {
  return get('reports', {}, signal);
}

/** TCP connections as a whole. */
export function getSessionStatistics(span: Span, signal: AbortSignal): Promise<SessionStatistics> {
  return get('sessions/statistics', { ...span }, signal);
}

/** Which links hold traffic up. */
export function getBottlenecks(span: Span, signal: AbortSignal): Promise<Bottlenecks> {
  return get('bottlenecks', { ...span }, signal);
}

/** The sums of all that is selected. */
export async function getTotals(span: Span, signal: AbortSignal): Promise<Group> {
  // A list of no fields: one group of everything.
  return (await getGroups(['', ''], 1, span, signal))[0]!;
}

/** Names of Autonomous Systems, by number. */
export async function getAsNames(numbers: readonly string[], signal: AbortSignal): Promise<Record<string, string>> {
  return (await get<Names>('names', { as: numbers.join(',') }, signal)).as;
}

/** What can stand at the cursor of a filter. */
export function getCompletion(filter: string, cursor: number, signal: AbortSignal): Promise<Completion> {
  return get('complete', { filter, cursor }, signal);
}

export function getStatus(): Promise<Status> {
  return get('status');
}
