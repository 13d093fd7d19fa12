import { describe, expect, test } from 'vitest';
import { LocalTime } from './local-time.js';

const at = (text: string) => Date.parse(text) / 1000;
const clock = (time: LocalTime, text: string) => new Date(time.secondsAt(at(text)) * 1000).toISOString().slice(0, 16);

describe('what clocks show', () => {
  test('in Berlin, when they are put forward and back', () => {
    const berlin = new LocalTime('Europe/Berlin');
    expect(clock(berlin, '2026-03-29T00:59Z')).toBe('2026-03-29T01:59');
    expect(clock(berlin, '2026-03-29T01:00Z')).toBe('2026-03-29T03:00');
    expect(clock(berlin, '2026-10-25T00:59Z')).toBe('2026-10-25T02:59');
    expect(clock(berlin, '2026-10-25T01:00Z')).toBe('2026-10-25T02:00');
    expect(clock(berlin, '2026-07-01T12:00Z')).toBe('2026-07-01T14:00');
  });

  test('where they go by half an hour, by a quarter, and behind UTC', () => {
    expect(clock(new LocalTime('Australia/Lord_Howe'), '2026-04-04T15:00Z')).toBe('2026-04-05T01:30');
    expect(clock(new LocalTime('Asia/Kathmandu'), '2026-01-01T00:00Z')).toBe('2026-01-01T05:45');
    expect(clock(new LocalTime('America/New_York'), '2026-01-01T00:00Z')).toBe('2025-12-31T19:00');
  });

  test('every minute of a year as the formatter of dates has it', () => {
    const berlin = new LocalTime('Europe/Berlin');
    const format = new Intl.DateTimeFormat('de-DE', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' });
    for (let time = at('2026-01-01T00:00Z'); time < at('2027-01-01T00:00Z'); time += 37 * 60) {
      const shown = new Date(berlin.secondsAt(time) * 1000).toISOString().slice(11, 16);
      expect(shown).toBe(format.format(time * 1000));
    }
  });

  test('an unknown zone is told', () => {
    expect(() => new LocalTime('Europe/Weir')).toThrow('"Europe/Weir" is no time zone that this machine knows');
  });
});
