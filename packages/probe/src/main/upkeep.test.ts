import { expect, test } from 'vitest';
import { CTNETLINK_SETTINGS, kernelMeterSettings, meaningOf, type Setting } from './upkeep.js';

/** What is said when the setting is switched off, by its name's end. */
function whenOff(settings: readonly Setting[], end: string): string | undefined {
  return meaningOf(settings.find(({ name }) => name.endsWith(end))!, '1', '0');
}

test('ctnetlink: without events ends are late', () => {
  expect(whenOff(CTNETLINK_SETTINGS, '_events')).toBe(
    'ends are found by sweeps only, late and without what was counted last; sysctl -w net.netfilter.nf_conntrack_events=1 puts it back',
  );
});

test('kernel meter: without events handshakes and states of TCP are missing, and where they are not wanted nothing', () => {
  const said = whenOff(kernelMeterSettings(true), '_events');
  expect(said).toMatch(
    /^TCP connections .*round trips .*states; sysctl -w net\.netfilter\.nf_conntrack_events=1 puts it back$/,
  );
  expect(said).not.toMatch(/ends/);
  expect(whenOff(kernelMeterSettings(false), '_events')).toBeUndefined();
});

test('kernel meter: it sees first packets itself', () => {
  expect(whenOff(CTNETLINK_SETTINGS, '_timestamp')).toMatch(/^connections that begin from now on have no exact start/);
  expect(whenOff(kernelMeterSettings(true), '_timestamp')).toMatch(/find no room .* have no exact start/);
});

test.each([[CTNETLINK_SETTINGS], [kernelMeterSettings(true)]])(
  'counters need accounting; on is no warning',
  settings => {
    expect(whenOff(settings, '_acct')).toMatch(/no octets and packets/);
    for (const setting of settings) expect(meaningOf(setting, '0', '1')).toBeUndefined();
  },
);
