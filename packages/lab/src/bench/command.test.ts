import { afterEach, expect, test, vi } from 'vitest';
import { type Benches, runBenches } from './command.js';
import { runTrials } from './harness.js';

/** A case of three runs with known figures. */
function results(bench: string) {
  const figures = [
    [1, 30],
    [3, 20],
    [2, 10],
  ];
  let turn = 0;
  const trial = async () => ({ time: figures[turn]![0]!, memory: figures[turn++]![1]! });
  const measures = { time: 's', memory: 'MB' };
  return runTrials(bench, { name: 'known', measures, subjects: [{ name: 'it', trial }], runs: 3 });
}

async function* run(bench: string) {
  yield await results(bench);
}

const benches: Benches = new Map([
  ['whole', { run: () => run('whole') }],
  ['part', { run: () => run('part'), onlyByName: true as const }],
]);

afterEach(() => vi.restoreAllMocks());

/** The lines that it prints. */
async function printed(names: string[], json: boolean): Promise<string[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await runBenches(benches, names, json);
  return log.mock.calls.map(([line]) => String(line));
}

test('JSON has one object a line, the median of each measure', async () => {
  const lines = (await printed([], true)).map(line => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { bench: 'whole', case: 'known: time', subject: 'it', value: 2, unit: 's', runs: 3 },
    { bench: 'whole', case: 'known: memory', subject: 'it', value: 20, unit: 'MB', runs: 3 },
  ]);
});

test('what another one contains runs by its name only', async () => {
  const lines = (await printed(['part'], true)).map(line => JSON.parse(line) as { bench: string });
  expect(lines.map(({ bench }) => bench)).toEqual(['part', 'part']);
});

test('for people there is a heading with the machine', async () => {
  const [heading, name, line] = await printed(['whole'], false);
  expect(heading).toMatch(/cores, node v\d+.*median \(quartiles\) of paired runs/);
  expect([name, line]).toEqual(['whole: known: time', expect.stringMatching(/^ {2}it +2 s {3}\(/)]);
});

test('an unknown name says which there are', async () => {
  await expect(runBenches(benches, ['whole', 'hole'], true)).rejects.toThrow(
    'no benchmark is called "hole"; there are: whole, part',
  );
});
