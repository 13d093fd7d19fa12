import Type, { type Static } from 'typebox';
import { eventKinds } from '../../alerting/mutes.js';
import type { AlertRoute, Size } from '../../alerting/routes.js';
import type { EventUnit } from '../../analysis/events/event.js';
import { WeirError } from '../../error.js';

const routeSchema = Type.Object(
  {
    channels: Type.Array(Type.String(), {
      description: 'names of channels of alerts; none: nobody is told',
      maxItems: 20,
    }),
    kinds: Type.Optional(
      Type.Array(Type.String(), {
        description: `kinds of events: ${eventKinds.join(', ')}; default: all`,
        minItems: 1,
      }),
    ),
    'at-least': Type.Optional(
      Type.Array(Type.String(), {
        description:
          'how far from what is usual, as 100M bit/s, 1k flows/s, 50k packets/s, 50 targets, 100 ports, 200 ms or 30 %; events of other units do not fit',
        minItems: 1,
      }),
    ),
    times: Type.Optional(
      Type.Number({
        description: 'how many times what is usual, or what part of it: 2 is twice as much, or half of it',
        minimum: 1,
      }),
    ),
  },
  { additionalProperties: false },
);

/** Which events go to which channels. */
export const alertRoutesOption = Type.Array(routeSchema, {
  description:
    'which events go to which channels: the first entry that an event fits says so, what fits none goes to all; on the command line each as {kinds: [scan], channels: [log]}',
  default: [],
  maxItems: 100,
});

/**
 * @param channels names of those that there are
 * @throws WeirError
 */
export function routesOf(given: Static<typeof alertRoutesOption>, channels: readonly string[]): readonly AlertRoute[] {
  return given.map(({ kinds, 'at-least': atLeast, times, ...rest }) => ({
    channels: rest.channels.map(name => known(name, 'channel', channels)),
    ...(kinds && { kinds: kinds.map(name => known(name, 'kind', eventKinds)) }),
    ...(atLeast && { atLeast: atLeast.map(sizeOf) }),
    ...(times !== undefined && { times }),
  }));
}

function known<T extends string>(name: string, what: string, names: readonly T[]): T {
  const found = names.find(each => each === name);
  if (found !== undefined) return found;
  const there = names.length === 0 ? 'there is none: name one with "alerts"' : `there are ${names.join(', ')}`;
  throw new WeirError(`alert-routes: there is no ${what} "${name}"; ${there}`);
}

const units: readonly EventUnit[] = ['bit/s', 'flows/s', 'packets/s', 'targets', 'ports', 'ms'];
const magnitudes: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function sizeOf(text: string): Size {
  const [, number, magnitude = '', name] = /^\s*(\d+(?:\.\d+)?)\s*([kMGT])?\s*(\S+)\s*$/.exec(text) ?? [];
  if (number !== undefined && name === '%' && magnitude === '') return { size: Number(number) / 100, unit: 'share' };
  const unit = units.find(each => each === name);
  if (number !== undefined && unit !== undefined) return { size: Number(number) * magnitudes[magnitude]!, unit };
  throw new WeirError(
    `alert-routes: at-least: "${text}" is no size; write a number and one of ${units.join(', ')}, %, as 100M bit/s`,
  );
}
