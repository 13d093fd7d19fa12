// What the script takes for granted is there in the program: main.c chooses what its engine has.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { outputFolder, repository } from './targets.js';

/** Globals that each of the engine's parts brings, of those that runtimes usually have. */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  BaseObjects: [
    ...['Array', 'BigInt', 'Boolean', 'Error', 'Function', 'Iterator', 'Math', 'Number', 'Object', 'RangeError'],
    ...['ReferenceError', 'Reflect', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'globalThis', 'undefined'],
    ...['Infinity', 'NaN', 'isNaN', 'parseFloat', 'parseInt', 'decodeURIComponent', 'encodeURIComponent'],
  ],
  Date: ['Date'],
  RegExp: ['RegExp'],
  JSON: ['JSON'],
  MapSet: ['Map', 'Set', 'WeakMap', 'WeakSet'],
  TypedArrays: [
    ...['ArrayBuffer', 'DataView', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array'],
    ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'SharedArrayBuffer', 'Atomics'],
  ],
  Promise: ['Promise'],
};

test('the engine in the program has each global that the script names', ({ skip }) => {
  const script = join(outputFolder, 'weir-probe.js');
  skip(!existsSync(script), 'not built: npm run build:router');
  const main = readFileSync(join(repository, 'openwrt/host/main.c'), 'utf8');
  const parts = [...main.matchAll(/JS_AddIntrinsic(\w+)\(/g)].map(([, part]) => part!);
  expect(parts.filter(part => !(part in BROUGHT))).toEqual([]);
  const brought = parts.flatMap(part => BROUGHT[part]!);
  expect(globalsNamed(readFileSync(script, 'utf8')).filter(name => !brought.includes(name))).toEqual([]);
});

/** Names that Node has as globals, and that stand for nothing else in the script. */
function globalsNamed(code: string): string[] {
  const file = ts.createSourceFile('weir-probe.js', code, ts.ScriptTarget.ES2022, true);
  const globals = new Set(Object.getOwnPropertyNames(globalThis));
  const named = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && globals.has(node.text) && isVariable(node)) named.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...named];
}

function isVariable(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  return !('name' in parent && parent.name === node);
}
