import { fieldOfElement } from '@weir/flow';
import {
  type Binding,
  type Column,
  canBind,
  elements,
  type MessageHeader,
  type Template,
  timeOfSysUpTime,
} from '@weir/ipfix';
import type { FlowBatch } from '../flow/batch.js';
import { bindings, type TemplateBindings } from '../flow/bindings.js';
import { setBit } from '../flow/present.js';

/** From what a relative time counts. */
type Origin = 'sysUpTime' | 'exportTime' | 'flowStart';

interface RelativeElement {
  readonly target: 'flowStart' | 'flowEnd';
  readonly origin: Origin;
  /** Units in a millisecond; negative where it counts backwards. */
  readonly perMillisecond: number;
}

/** Elements that tell a flow's start or end relative to something else, the preferred one of each first. */
const RELATIVE: Readonly<Record<string, RelativeElement>> = {
  flowStartSysUpTime: { target: 'flowStart', origin: 'sysUpTime', perMillisecond: 1 },
  flowStartDeltaMicroseconds: { target: 'flowStart', origin: 'exportTime', perMillisecond: -1000 },
  flowEndSysUpTime: { target: 'flowEnd', origin: 'sysUpTime', perMillisecond: 1 },
  flowEndDeltaMicroseconds: { target: 'flowEnd', origin: 'exportTime', perMillisecond: -1000 },
  flowDurationMilliseconds: { target: 'flowEnd', origin: 'flowStart', perMillisecond: 1 },
  flowDurationMicroseconds: { target: 'flowEnd', origin: 'flowStart', perMillisecond: 1000 },
};
const BOOT_TIME = 'systemInitTimeMilliseconds';

/** Columns that hold relative times until they are made absolute; a row each for the rows of the batch. */
export class RelativeColumns {
  readonly flowStart: Column;
  readonly flowEnd: Column;
  readonly bootTime: Column;

  constructor(capacity: number) {
    this.flowStart = { kind: 'unsigned32', data: new Uint8Array(4 * capacity) };
    this.flowEnd = { kind: 'unsigned32', data: new Uint8Array(4 * capacity) };
    this.bootTime = { kind: 'milliseconds', data: new Uint8Array(8 * capacity) };
  }
}

/** How the records of a Template go into the batch, relative times included. */
export interface TimedBindings extends TemplateBindings {
  /** Makes the relative times of `count` rows from `row` on absolute, once they are decoded. */
  readonly settle: (row: number, count: number, header: MessageHeader, bootTime: number | undefined) => void;
}

interface Step extends RelativeElement {
  readonly from: Column;
  readonly to: Column;
  /** Milliseconds, where each record has its own. */
  readonly base: Column | undefined;
}

/**
 * Binds a Template's fields to the batch as `bindings` does, and the relative times to `relative` where no absolute ones are there.
 * @param hasClock the Message or the exporter's options tell when sysUpTime was 0
 */
export function timedBindings(
  template: Template,
  batch: FlowBatch,
  relative: RelativeColumns,
  hasClock: boolean,
): TimedBindings {
  const plain = bindings(template, batch);
  const { steps, added } = stepsOf(template, batch, plain, relative, hasClock);
  const present = plain.present.slice();
  for (const { target } of steps) setBit(present, fieldOfElement(`${target}Milliseconds`)!.bit);
  const taken = new Set(added.map(each => each.field));
  return {
    bindings: [...plain.bindings, ...added],
    present,
    unbound: plain.unbound.filter(field => !taken.has(field)),
    settle: (row, count, header, bootTime) => {
      for (const step of steps) settleColumn(step, row, count, header, bootTime);
    },
  };
}

/** The relative times that fill a column which nothing else of the Template does, and what to bind for them. */
function stepsOf(
  template: Template,
  batch: FlowBatch,
  plain: TemplateBindings,
  relative: RelativeColumns,
  hasClock: boolean,
): { steps: Step[]; added: Binding[] } {
  const names = template.fields.map(({ enterprise, id }) => elements.byId(enterprise, id)?.name);
  const bootField = names.indexOf(BOOT_TIME);
  const bootTimes = bootField < 0 ? undefined : relative.bootTime;
  const bases = { sysUpTime: bootTimes, exportTime: undefined, flowStart: batch.column('flowStart') };
  const filled = new Set(plain.bindings.map(each => each.column));
  const steps: Step[] = [];
  const added: Binding[] = [];
  for (const [name, element] of Object.entries(RELATIVE)) {
    const { target, origin } = element;
    const field = names.indexOf(name);
    const to = batch.column(target);
    if (field < 0 || filled.has(to) || !canBind(template.fields[field]!, 'unsigned32')) continue;
    if (origin === 'sysUpTime' && !hasClock && bootTimes === undefined) continue;
    if (origin === 'flowStart' && !filled.has(bases.flowStart)) continue;
    filled.add(to);
    added.push({ field, column: relative[target] });
    steps.push({ ...element, from: relative[target], to, base: bases[origin] });
  }
  if (steps.some(step => step.base === relative.bootTime)) added.push({ field: bootField, column: relative.bootTime });
  return { steps, added };
}

function settleColumn(
  step: Step,
  row: number,
  count: number,
  header: MessageHeader,
  bootTime: number | undefined,
): void {
  const { origin, perMillisecond, base } = step;
  const from = new Uint32Array(step.from.data.buffer);
  const to = new Uint32Array(step.to.data.buffer);
  const bases = base && new Uint32Array(base.data.buffer);
  const exported = header.exportTime * 1000;
  for (let i = row; i < row + count; i++) {
    const known = bases === undefined ? undefined : read(bases, i);
    if (origin === 'sysUpTime') write(to, i, timeOfSysUpTime(from[i]!, header, known ?? bootTime) ?? 0);
    else write(to, i, (known ?? exported) + Math.floor(from[i]! / perMillisecond));
  }
}

function read(words: Uint32Array, row: number): number {
  return words[row * 2]! + words[row * 2 + 1]! * 2 ** 32;
}

function write(words: Uint32Array, row: number, milliseconds: number): void {
  words[row * 2] = milliseconds % 2 ** 32;
  words[row * 2 + 1] = Math.floor(milliseconds / 2 ** 32);
}
