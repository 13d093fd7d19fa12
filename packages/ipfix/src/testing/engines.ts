import { elements } from '../elements/registry.js';
import type { Binding, RecordDecoder } from '../template/column.js';
import { generatedDecoder } from '../template/decoder-generated.js';
import { portableDecoder } from '../template/decoder-portable.js';
import { stepsOf, viewsOf } from '../template/steps.js';
import type { Template } from '../template/template.js';

/** compileDecoder with its way of decoding fixed: the same tests run on all of them. */
export type Engine = (template: Template, bindings: readonly Binding[]) => RecordDecoder;

function portable(template: Template, bindings: readonly Binding[]): RecordDecoder {
  return portableDecoder(template, stepsOf(template, bindings, elements), viewsOf(bindings));
}

function generated(template: Template, bindings: readonly Binding[]): RecordDecoder {
  const fallback = portable(template, bindings);
  return generatedDecoder(template, stepsOf(template, bindings, elements), viewsOf(bindings), fallback) ?? fallback;
}

export const ENGINES: readonly (readonly [name: string, engine: Engine])[] = [
  ['portable', portable],
  ['generated', generated],
];
