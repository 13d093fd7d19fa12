import { expect, test } from 'vitest';
import { Contacts } from './contacts.js';

test('names count once, and are forgotten after the window', () => {
  const contacts = new Contacts(1000);
  contacts.keep('a', ['1', '2'], ['3'], 0);
  const contact = contacts.keep('a', ['2'], [], 900);
  expect([contact.failed.size, contact.answered.size, contact.since]).toEqual([2, 1, 0]);
  contacts.keep('a', [], [], 1500);
  expect([[...contact.failed.keys()], contact.answered.size]).toEqual([['2'], 0]);
  contacts.keep('a', [], [], 2000);
  contacts.keep('a', ['4'], [], 2100);
  expect([[...contact.failed.keys()], contact.since]).toEqual([['4'], 2100]);
  contacts.forget(3200);
  expect(contacts.size).toBe(0);
});

test('what is remembered is bounded, whoever asks, and the quiet go first', () => {
  const contacts = new Contacts(300_000);
  const names = Array.from({ length: 2000 }, (_, i) => `${i}`);
  expect(contacts.keep('many', names, names, 0).failed.size).toBe(1024);
  for (let i = 0; i < 30_000; i++) contacts.keep(`${i}`, ['1'], [], i);
  contacts.keep('many', ['x'], [], 30_000);
  contacts.forget(30_000);
  expect(contacts.size).toBe(20_000);
  expect(contacts.keep('many', [], [], 30_000).failed.size).toBe(1024);
});
