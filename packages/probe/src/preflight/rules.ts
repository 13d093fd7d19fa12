import { spawnSync } from 'node:child_process';
import { type Finding, note, ok, problem } from './finding.js';

/** What of the rule set keeps packets from being counted. */
export function checkRules(): Finding[] {
  const list = spawnSync('nft', ['list', 'ruleset'], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (list.error !== undefined || list.status !== 0) {
    const why = list.error === undefined ? list.stderr.trim() : 'nft is not installed: apt-get install nftables';
    return [note('offload', 'flowtables and rules were not looked at', why)];
  }
  return [...offloadFindings(list.stdout), untrackedFinding(list.stdout)];
}

/**
 * Flowtables forward packets past connection tracking, and count them only with the `counter` flag (since Linux 5.7). With
 * `flags offload` the hardware forwards, and the driver tells its counters now and then.
 *
 * @param ruleset as nft lists it
 */
export function offloadFindings(ruleset: string): Finding[] {
  const tables = [...ruleset.matchAll(/\bflowtable (\S+) \{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([, name, body]) => ({
    name,
    body,
  }));
  if (tables.length === 0) return [ok('offload', 'no flowtable takes connections out of the kernel’s usual path')];
  const named = (which: typeof tables) => which.map(({ name }) => name).join(', ');
  const silent = tables.filter(({ body }) => !/\bcounter\b/.test(body));
  const hardware = tables.filter(({ body }) => /\bflags offload\b/.test(body));
  const findings: Finding[] = [];
  if (silent.length > 0) {
    findings.push(
      problem(
        'offload',
        `flowtable ${named(silent)} has no counter`,
        'packets that it forwards are not counted: octets and packets of offloaded connections are too low',
        'add `counter` to the flowtable in the ruleset',
        false,
      ),
    );
  } else findings.push(ok('offload', 'every flowtable counts what it forwards'));
  if (hardware.length > 0) {
    findings.push(
      note(
        'hardware-offload',
        `flowtable ${named(hardware)} is offloaded to hardware`,
        'the driver tells its counters about once a second: interim reports lag behind, and the last second of a connection may be missing',
      ),
    );
  }
  return findings;
}

/** @param ruleset as nft lists it; rules of iptables-nft are in it */
export function untrackedFinding(ruleset: string): Finding {
  const rules = ruleset.split('\n').filter(line => /\bnotrack\b|\bNOTRACK\b|\bCT --notrack\b/.test(line));
  if (rules.length === 0) return ok('untracked', 'no rule takes traffic out of connection tracking');
  const first = rules[0].trim();
  const more = rules.length > 1 ? `, and ${rules.length - 1} more` : '';
  return note(
    'untracked',
    `a rule takes traffic out of connection tracking: ${first}${more}`,
    'that traffic is not metered',
  );
}
