import type { EventKind, EventUnit, TrafficEvent } from '../analysis/events/event.js';
import { distanceOf } from './news.js';

/** Which events go to which channels. What is absent is whatever it may be. */
export interface AlertRoute {
  readonly kinds?: readonly EventKind[];
  /** How far from what is usual at least, in the unit of the event: one whose unit is not among them does not fit. */
  readonly atLeast?: readonly Size[];
  /** How many times what is usual, or what part of it (2: twice as much or half of it); what is usual must be known. */
  readonly times?: number;
  /** Names; none: nobody is told. */
  readonly channels: readonly string[];
}

export interface Size {
  readonly size: number;
  readonly unit: EventUnit;
}

/** Whether a channel tells of an event: the first route that fits says so; what fits none is told by all. */
export function isFor(routes: readonly AlertRoute[], event: TrafficEvent, channel: string): boolean {
  const route = routes.find(each => fits(each, event));
  return route === undefined || route.channels.includes(channel);
}

function fits({ kinds, atLeast, times }: AlertRoute, event: TrafficEvent): boolean {
  if (kinds !== undefined && !kinds.includes(event.kind)) return false;
  if (atLeast?.some(({ size, unit }) => unit === event.unit && distanceOf(event) >= size) === false) return false;
  return times === undefined || timesOf(event) >= times;
}

function timesOf({ size, expected }: TrafficEvent): number {
  if (expected === undefined) return 0;
  const [less, more] = [Math.min(size, expected), Math.max(size, expected)];
  return more > 0 ? more / less : 0;
}
