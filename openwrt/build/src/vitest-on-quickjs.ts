/**
 * Vitest's functions for test files that run on QuickJS: what the files need, with Vitest's own `expect`. Failures are printed, and the
 * last line is "N passed, N failed, N skipped".
 */
import './vitest-globals.js';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import { titleOf } from './test-titles.js';

type Work = (...values: never[]) => unknown;
type Hook = (context: { skip: (condition?: boolean, reason?: string) => void }) => unknown;

interface Suite {
  readonly title: string;
  readonly before: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
  readonly after: Hook[];
}

declare const print: (line: string) => void;
for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = Object.assign((value: unknown) => chai.expect(value), chai.expect);

class Skipped extends Error {}
const suites: Suite[] = [newSuite('')];
const tests: { readonly title: string; readonly suites: readonly Suite[]; readonly work: Work }[] = [];
const begun = new Set<Suite>();

function newSuite(title: string): Suite {
  return { title, before: [], beforeEach: [], afterEach: [], after: [] };
}

const inner = (): Suite => suites.at(-1)!;
export const beforeAll = (hook: Hook): unknown => inner().before.push(hook);
export const beforeEach = (hook: Hook): unknown => inner().beforeEach.push(hook);
export const afterEach = (hook: Hook): unknown => inner().afterEach.push(hook);
export const afterAll = (hook: Hook): unknown => inner().after.push(hook);

function describeOne(title: string, work: () => void): void {
  suites.push(newSuite(`${inner().title}${title} > `));
  work();
  suites.pop();
}

/** What is registered from now on is of this file, and its hooks are its own. */
export function beginFile(name: string): void {
  suites.splice(0, suites.length, newSuite(`${name} > `));
}

function testOne(title: string, ...rest: readonly unknown[]): void {
  const work = rest.find(each => typeof each === 'function') as Work;
  tests.push({ title: `${inner().title}${title}`, suites: [...suites], work });
}

function forEach(cases: readonly unknown[], one: (title: string, work: Work) => void, spread = true) {
  return (title: string, ...rest: readonly unknown[]) => {
    const work = rest.find(each => typeof each === 'function') as (...values: unknown[]) => unknown;
    cases.forEach((values, i) => {
      const list = spread && Array.isArray(values) ? values : [values];
      one(titleOf(title, list, i), () => work(...list));
    });
  };
}

export const describe = Object.assign(describeOne, {
  each: (cases: readonly unknown[]) => forEach(cases, describeOne as (title: string, work: Work) => void),
  skip: () => {},
});
const skipped = (title: string): void =>
  testOne(title, () => {
    throw new Skipped();
  });
export const test = Object.assign(testOne, {
  each: (cases: readonly unknown[]) => forEach(cases, testOne),
  for: (cases: readonly unknown[]) => forEach(cases, testOne, false),
  skip: skipped,
  skipIf: (condition: unknown) => (condition ? skipped : testOne),
});
export const it = test;
/** Types are the compiler's business. */
export const expectTypeOf = (): unknown => new Proxy(() => {}, { get: () => expectTypeOf, apply: () => undefined });

const context = {
  skip(condition: unknown = true): void {
    if (condition) throw new Skipped();
  },
};

async function runOne({ suites, work }: (typeof tests)[number]): Promise<void> {
  for (const suite of suites) {
    if (begun.has(suite)) continue;
    begun.add(suite);
    for (const hook of suite.before) await hook(context);
  }
  for (const suite of suites) for (const hook of suite.beforeEach) await hook(context);
  try {
    await (work as (...values: unknown[]) => unknown)(context);
  } finally {
    for (const suite of suites) for (const hook of suite.afterEach) await hook(context);
  }
}

/** Runs all tests. */
export async function runTests(): Promise<void> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const test of tests) {
    try {
      await runOne(test);
      count.passed++;
    } catch (error) {
      if (error instanceof Skipped || (error as Error).name === 'NeedsNode') {
        count.skipped++;
        continue;
      }
      count.failed++;
      const { message, stack } = error as Error;
      print(`failed: ${test.title}\n  ${message}\n${stack}`);
    }
  }
  for (const suite of begun) for (const hook of suite.after) await hook(context);
  print(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
}
