import { expect, test } from 'vitest';
import { reportUrl } from './report.js';

const NOW = 1_800_000_030_000;
const view = { from: '-60m', to: '', filter: 'proto tcp', net: '', period: '' } as const;
const asked = (more: object) => new URLSearchParams(reportUrl({ ...view, ...more }, 'de', 'UTC', NOW).split('?')[1]);

test('the last week, or what was chosen', () => {
  expect(Object.fromEntries(asked({}))).toEqual({
    period: 'week',
    filter: 'proto tcp',
    language: 'de',
    timezone: 'UTC',
  });
  expect(Object.fromEntries(asked({ period: 'month', net: '10.0.0.0/8' }))).toMatchObject({
    ...{ period: 'month', network: '10.0.0.0/8' },
  });
});

test('the time of the pages, up to now where that goes on', () => {
  expect(Object.fromEntries(asked({ period: 'span' }))).toEqual({
    ...{ from: '1799996430000', filter: 'proto tcp', language: 'de', timezone: 'UTC' },
  });
  expect(asked({ period: 'span', from: '5000', to: '9000' }).get('to')).toBe('9000');
});
