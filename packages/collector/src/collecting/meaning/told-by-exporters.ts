import type { DecodedRecord } from '@weir/ipfix';
import type { Told } from '../../flow/told.js';
import type { Session } from '../sessions.js';
import { ElementNames } from './element-names.js';
import { InterfaceNames } from './interface-names.js';

/** What exporters tell by Options Data that the store keeps beside their records. */
export class ToldByExporters {
  readonly #interfaces = new InterfaceNames();
  readonly #elements = new ElementNames();

  /** Takes note of what an Options Data Record of the session, received at `now`, says. @returns whether there are elements that were not known */
  learn(session: Session, observationDomainId: number, record: DecodedRecord, now: number): boolean {
    this.#interfaces.learn(session.peer.address, observationDomainId, record, now);
    return this.#elements.learn(session);
  }

  /** What the store has not kept yet; undefined where there is nothing. */
  get unkept(): Told | undefined {
    return toldOf(this.#interfaces.unkept.all, this.#elements.unkept.all);
  }

  /** What the store is to be told now: nothing as long as it has not answered for what it was told before. */
  take(): Told | undefined {
    const [interfaces, elements] = [this.#interfaces.unkept, this.#elements.unkept];
    if (interfaces.isWaiting || elements.isWaiting) return undefined;
    return toldOf(interfaces.take(), elements.take());
  }

  /** The store has answered: whether it keeps what it was told. If not, it is to be told again. */
  answered(isKept: boolean): void {
    this.#interfaces.unkept.answered(isKept);
    this.#elements.unkept.answered(isKept);
  }

  /** Goes on with what an earlier run had not told the store. */
  restore({ interfaces, elements }: Told): void {
    for (const name of interfaces) this.#interfaces.keep(name);
    for (const element of elements) this.#elements.keep(element);
  }
}

function toldOf(interfaces: Told['interfaces'], elements: Told['elements']): Told | undefined {
  return interfaces.length + elements.length === 0 ? undefined : { interfaces, elements };
}
