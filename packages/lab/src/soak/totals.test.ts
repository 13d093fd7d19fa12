import { expect, test } from 'vitest';
import { Totals } from './totals.js';

test('labels are summed up, and lives too', () => {
  const totals = new Totals();
  totals.take('# HELP weir_probe_a_total x\nweir_probe_a_total{x="{1}"} 2\nweir_probe_a_total{x="2"} 3\nother 7\n');
  expect(totals.total('a_total')).toBe(5);
  totals.nextLife();
  expect([totals.total('a_total'), totals.latest('a_total')]).toEqual([5, 0]);
  totals.take('weir_probe_a_total 4\n');
  totals.take('weir_probe_a_total 6\nweir_collector_b 1e3\n');
  expect([totals.total('a_total'), totals.latest('a_total'), totals.total('b')]).toEqual([11, 6, 1000]);
});
