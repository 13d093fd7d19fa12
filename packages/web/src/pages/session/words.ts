import type { FlowRow, Session } from '../../api/types.js';
import { endpoint, endReason, translated } from '../../flows/words.js';
import { t } from '../../i18n/index.js';
import { GOES_ON } from './link.js';

/** TCP's number: only it has a handshake and states. */
const TCP = 6;

/** Both ends of a conversation as they were sent, and as they were sent on. */
export interface Ends {
  before: { source: string; destination: string };
  /** Absent where nothing was translated. */
  after?: { source: string; destination: string };
}

export function endsOf(flow: FlowRow): Ends {
  const before = {
    source: endpoint(flow.source, flow.sourcePort),
    destination: endpoint(flow.destination, flow.destinationPort),
  };
  const nat = translated(flow);
  if (nat.source === undefined && nat.destination === undefined) return { before };
  return { before, after: { source: nat.source ?? before.source, destination: nat.destination ?? before.destination } };
}

/** Both sides have closed: the kernel keeps the connection for its waiting time, and tells of its end then. */
const CLOSED = ['LAST_ACK', 'TIME_WAIT', 'CLOSE'];

/** How it ended, in a sentence: by whom, where the records tell; else by the reason of the newest record. */
export function endingOf({ flow, closedBy, states = [] }: Pick<Session, 'flow' | 'closedBy' | 'states'>): string {
  if (flow.flowEndReason === GOES_ON) {
    return CLOSED.includes(states.at(-1)?.state ?? '') ? t.session.waiting : t.ends.live.meaning;
  }
  return closedBy === undefined ? endReason(flow.flowEndReason).meaning : t.session.closedBy[closedBy];
}

type Untold = keyof typeof t.session.untold;

/** What the exporter does not tell of this conversation, as keys of the texts. */
export function untoldOf(session: Session): Untold[] {
  const { flow, seenBy } = session;
  const tcp = flow.protocol === TCP;
  const missing: [Untold, boolean][] = [
    ['counters', flow.octets === undefined],
    ['reverse', flow.octets !== undefined && flow.reverseOctets === undefined],
    ['roundTrip', tcp && session.roundTrip === undefined],
    ['states', tcp && (session.states ?? []).length === 0],
    ['closedBy', tcp && flow.flowEndReason !== GOES_ON && session.closedBy === undefined],
    [
      'interfaces',
      seenBy.every(({ ingressInterface, egressInterface }) => (ingressInterface ?? egressInterface) === undefined),
    ],
  ];
  return missing.filter(([, absent]) => absent).map(([key]) => key);
}

/** An interface by its name, with its number where that is all there is; undefined where nobody says. */
export function interfaceText(number: number | undefined, name: string | undefined): string | undefined {
  return name !== undefined && name !== ''
    ? name
    : number === undefined
      ? undefined
      : t.session.interface(String(number));
}

export interface Stretch {
  state: string;
  at: number;
  /** It began then; else it had been seen by then. */
  exact: boolean;
  /** Milliseconds that it lasted, where both are known. */
  lasted?: number;
}

/** A conversation's states one after the other, each once as long as it lasts. */
export function stretchesOf(states: NonNullable<Session['states']>): Stretch[] {
  const changes = states.filter(({ state }, i) => state !== states[i - 1]?.state);
  return changes.map(({ at, exact, state }, i) => {
    const next = changes[i + 1];
    return { at, exact, state, ...(exact && next?.exact && { lasted: next.at - at }) };
  });
}
