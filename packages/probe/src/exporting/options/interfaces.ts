import { fieldsOf, type Template } from '@weir/ipfix';
import type { OptionsRecord } from '../encoder.js';
import { INTERFACES_TEMPLATE_ID } from '../template-ids.js';
import type { OptionsSource } from './scheduler.js';

const TEMPLATE: Template = {
  id: INTERFACES_TEMPLATE_ID,
  scopeFieldCount: 1,
  fields: fieldsOf(['ingressInterface', 'interfaceName', 'interfaceDescription']),
};

/** The interfaces of a network namespace. */
export interface Interfaces {
  /** Another number after each change. */
  readonly generation: number;
  list(): readonly { readonly index: number; readonly name: string; readonly description: string }[];
}

/** Names and descriptions of interfaces, by the number that Flow Records have; that of egress interfaces is the same. */
export class InterfaceNames implements OptionsSource {
  constructor(
    private readonly interfaces: Interfaces,
    readonly interval: number,
  ) {}

  generation(): number {
    return this.interfaces.generation;
  }

  records(): OptionsRecord[] {
    return this.interfaces.list().map(({ index, name, description }) => ({
      template: TEMPLATE,
      values: { ingressInterface: index, interfaceName: name, interfaceDescription: description },
    }));
  }
}
