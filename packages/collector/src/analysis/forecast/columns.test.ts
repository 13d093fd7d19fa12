import { describe, expect, test } from 'vitest';
import { Forecast } from './forecast.js';
import { BEGIN, DAY, MINUTE, traffic } from './testing/traffic.js';
import { NOTHING } from './watch.js';

describe('many series', () => {
  test('a step of all is a step of each, whenever they came', () => {
    const [all, each] = [new Forecast({ step: 3600 }), new Forecast({ step: 3600 })];
    const changed = new Int32Array(100);
    for (let i = 0; i < 60 * 24; i++) {
      if (i % 20 === 0 && all.size < 50) for (const forecast of [all, each]) forecast.add();
      const time = BEGIN + i * 60 * MINUTE;
      const values = Float64Array.from(
        { length: all.size },
        (_, s) => traffic(i * 60 + s) * (i === 1400 && s === 3 ? 9 : 1),
      );
      const count = all.observeAll(time, values, changed);
      const told = [...values].flatMap((value, s) => (each.observe(s, time, value) === NOTHING ? [] : [s]));
      expect([...changed.subarray(0, count)]).toEqual(told);
    }
    expect(all.toBytes()).toEqual(each.toBytes());
  });

  test('what was saved goes on as if nothing had been', () => {
    const before = new Forecast({ step: 3600 });
    for (let s = 0; s < 20; s++) before.add({ scale: s % 2 === 0 ? 'root' : 'log', unit: 1000 });
    const step = (forecast: Forecast, i: number) => {
      const values = Float64Array.from({ length: 20 }, (_, s) => traffic(i * 60 + s));
      return forecast.observeAll(BEGIN + i * 60 * MINUTE, values, new Int32Array(20));
    };
    for (let i = 0; i < 400; i++) step(before, i);
    const after = new Forecast({ step: 3600 });
    // As parts of what is read from files lie in memory.
    after.fromBytes(Buffer.concat([Buffer.alloc(3), before.toBytes()]).subarray(3));
    for (let i = 400; i < 900; i++) expect(step(after, i)).toBe(step(before, i));
    expect(after.toBytes()).toEqual(before.toBytes());
    expect(after.expected).toEqual(before.expected);
  });

  test('what is no state, or of other parameters, is refused and changes nothing', () => {
    const forecast = new Forecast({ step: 3600 });
    forecast.add();
    const bytes = forecast.toBytes();
    expect(() => forecast.fromBytes(bytes.subarray(0, 40))).toThrow('this is no state of forecasts, or not all of it');
    expect(() => forecast.fromBytes(new Uint8Array(3))).toThrow('this is no state of forecasts');
    expect(() => new Forecast().fromBytes(bytes)).toThrow('no state of forecasts');
    const elsewhere = new Forecast({ step: 3600, timeZone: 'Europe/Berlin' });
    expect(() => elsewhere.fromBytes(bytes)).toThrow('other parameters');
    expect(forecast.toBytes()).toEqual(bytes);
  });

  test('an index that is given on knows nothing of before', () => {
    const [used, fresh] = [new Forecast(), new Forecast()];
    const series = used.add();
    for (let i = 0; i < 5 * DAY; i++) used.observe(series, BEGIN + i * MINUTE, traffic(i));
    used.reset(series, { scale: 'log', unit: 7 });
    fresh.add({ scale: 'log', unit: 7 });
    expect(used.toBytes()).toEqual(fresh.toBytes());
  });

  test('after a start with stored values all is as if they had come one by one, and an event goes on', () => {
    const [live, stored] = [new Forecast(), new Forecast()];
    const time = Float64Array.from({ length: 21 * DAY }, (_, i) => BEGIN + i * MINUTE);
    const value = time.map((_, i) => (i < 21 * DAY - 10 ? 1 : 9) * traffic(i));
    for (const forecast of [live, stored]) forecast.add();
    for (let i = 0; i < value.length; i++) live.observe(0, time[i]!, value[i]!);
    stored.learn(0, time, value);
    expect(stored.toBytes()).toEqual(live.toBytes());
    expect(stored.isUnusual(0)).toBe(true);
    expect(stored.anomaly(0)).toEqual(live.anomaly(0));
    expect(live.anomaly(0).start).toBe(time[21 * DAY - 10]);
  });
});
