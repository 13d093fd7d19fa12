import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { StateThen } from '../../store/mesh/reading.js';
import { RequestError } from '../errors.js';
import { parseTime, TIME_FORMS } from '../time.js';
import type { MeshContext } from './context.js';
import type { View } from './view.js';

/** Seconds of a step of those who are not logged in: when somebody comes or goes is not for everybody. */
export const PUBLIC_STEP = 300;

export const topology = Type.Optional(
  Type.String({ maxLength: 100, description: 'name of a topology; default: the first that is set' }),
);
export const at = Type.Optional(
  Type.String({
    maxLength: 50,
    description: 'the state that held then: RFC 3339, relative like -15m, or milliseconds; default now',
  }),
);

/**
 * The topology that is asked for.
 * @throws RequestError where there is none of that name
 */
export function topologyOf(mesh: MeshContext, name: string | undefined): string {
  const names = mesh.topologies().map(each => each.name);
  const found = name === undefined ? names[0] : names.find(each => each === name);
  if (found !== undefined) return found;
  if (name === undefined) throw new RequestError(404, 'no topology is set; name where one is with the option topology');
  throw new RequestError(404, `there is no topology ${JSON.stringify(name)}; there is ${names.join(', ') || 'none'}`);
}

export function viewOf({ principal }: FastifyRequest, { settings }: MeshContext): View {
  return { isPublic: principal.role === 'none', hasClients: settings.mapClients };
}

/**
 * The state of then, or of now.
 * @throws RequestError where there was none
 */
export async function stateOf(mesh: MeshContext, name: string, then: number | undefined): Promise<StateThen> {
  const newest = mesh.newest(name);
  if (newest !== undefined && (then === undefined || then >= newest.at)) return newest;
  const found = await mesh.history.stateAt(name, then ?? Date.now());
  if (found !== undefined) return found;
  throw new RequestError(
    404,
    `nothing is known of ${JSON.stringify(name)} ${then === undefined ? 'yet' : 'at that time'}`,
  );
}

/**
 * The time asked for, in milliseconds since the epoch; undefined: now.
 * @throws RequestError where it is none
 */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text, Date.now());
  if (time === undefined) throw new RequestError(400, `at: ${JSON.stringify(text)} is no time: ${TIME_FORMS}`);
  return time;
}
