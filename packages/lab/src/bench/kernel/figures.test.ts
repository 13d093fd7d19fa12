import { expect, test } from 'vitest';
import { kernelResults } from './figures.js';
import type { Figures } from './inside.js';
import type { Times } from './times.js';

const flows = 100;
const machine = { cpu: 'emulated', cores: 1, runtime: 'Linux', load: 0 };

/** Nanoseconds a flow: of the kernel outside the meter, of the meter's own kernel and user time, of the program that measures. */
function spent(outside: number, ownKernel: number, ownUser: number, self = 7): Times {
  const subject = flows * (ownKernel + ownUser);
  return { machine: flows * (outside + self) + subject, subject, subjectUser: flows * ownUser, self: flows * self };
}

const none = spent(0, 0, 0);
/** Rounds in which all of it costs more have the same differences. */
const told = (outside: number, ownKernel: number, ownUser: number) =>
  [0, 50, 900].map(more => ({ create: spent(1000 + more + outside, ownKernel, ownUser), destroy: none, heard: flows }));

const figures: Figures = {
  flows: {
    nobody: told(0, 0, 0),
    'a DESTROY listener': told(2000, 0, 0),
    ctnetlink: told(2500, 300, 4000),
    kernel: told(250, 20, 100),
  },
  sweeps: {
    ctnetlink: [{ reporting: spent(0, 3000, 5000), idle: spent(0, 2900, 1000), reports: flows }],
    kernel: [{ reporting: spent(0, 200, 90), idle: spent(0, 150, 0), reports: flows }],
  },
  dumps: [2800 * flows],
};

/** The medians, by case and subject. */
function medians(given: Figures): Record<string, number> {
  const results = kernelResults('kernel', given, flows, machine);
  return Object.fromEntries(results.map(({ case: name, subject, value }) => [`${name}: ${subject}`, value]));
}

test('what a meter adds is the difference to none in the same round, by flow', () => {
  const of = medians(figures);
  expect(of).toMatchObject({
    'all of it with no meter, for each flow created and destroyed: nobody': 1050,
    'kernel time added outside the meter, for each flow created and destroyed: a DESTROY listener': 2000,
    'kernel time added outside the meter, for each flow created and destroyed: ctnetlink': 2500,
    'kernel time in the meter, for each flow created and destroyed: ctnetlink': 300,
    'user time in the meter, for each flow created and destroyed: kernel': 100,
    'not heard of, for each flow created and destroyed: kernel': 0,
    'kernel time, for each flow of a sweep: a dump whose reader does nothing': 2800,
    'kernel time, for each flow of a sweep: kernel, each reported': 200,
  });
});

test('ratios: how many times as much', () => {
  expect(medians(figures)).toMatchObject({
    'the kernel meter does with one part of: kernel time added by a DESTROY listener': 8,
    'the kernel meter does with one part of: kernel time added outside the probe by ctnetlink': 10,
    'the kernel meter does with one part of: kernel time of a dump': 14,
    'the kernel meter does with one part of: user time of the probe by ctnetlink': 40,
  });
});

test('flows that were not heard of; without the kernel meter there are no ratios', () => {
  const { nobody, 'a DESTROY listener': listener } = figures.flows;
  const deaf = listener!.map(each => ({ ...each, heard: flows - 3 }));
  const of = medians({ ...figures, flows: { nobody: nobody!, 'a DESTROY listener': deaf } });
  expect(of['not heard of, for each flow created and destroyed: a DESTROY listener']).toBe(3);
  expect(Object.keys(of).filter(name => name.startsWith('the kernel meter'))).toEqual([]);
});
