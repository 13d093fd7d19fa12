import { expect, test } from 'vitest';
import { shifted, within } from './within.js';

test('the reader narrows what the page is about', () => {
  expect(within('host 10.0.0.1', ' ')).toBe('host 10.0.0.1');
  expect(within('host 10.0.0.1', 'proto tcp or nat')).toBe('host 10.0.0.1 and (proto tcp or nat)');
});

test('an error is told where it is in what the reader wrote', () => {
  const filter = 'src hots 1';
  const column = within('host 10.0.0.1', filter).indexOf('hots') + 1;
  expect(shifted({ message: 'no', column }, 'host 10.0.0.1', filter)).toEqual({ message: 'no', column: 5 });
  expect(shifted({ message: 'no', column: 99 }, 'host 10.0.0.1', filter).column).toBe(filter.length + 1);
  expect(shifted({ message: 'no' }, 'host 10.0.0.1', filter)).toEqual({ message: 'no' });
});
