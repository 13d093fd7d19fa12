// The packaged probe in emulated routers that forward and translate, and Weir's collector outside of them.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type KernelFlow,
  kernelCounters,
  kernelKey,
  kernelNatSource,
  LoopbackCollector,
  type OrderOutcome,
  parseConntrack,
  type QueriedRecord,
  sumByFlow,
} from '@weir/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { programOf } from '../../package/dist/packages.js';
import { kindsNamed } from './kinds.js';
import { emulateRouter, notEmulated, systemOf } from './router.js';
import type { System } from './system.js';

/** What the order makes in each of its two rounds of all kinds: UDP and TCP over IPv4 and IPv6, and two of ICMP. */
const OF_ALL_KINDS = 1000 + 300 + 150 + 50 + 2;
const LASTING = 50;
const FLOWS = 2 * OF_ALL_KINDS + LASTING;
/** Of records that tell of no translation. */
const NONE = 'undefined 0';
/** Hosts on both sides of the router; not the router's own towards the collector. */
const FORWARDED = 'net 10.1.0.0/16 or net fd00:1::/64';

describe.each(kindsNamed((process.env.WEIR_ROUTERS ?? '').split(' ').filter(Boolean)))(
  'emulated router, $name',
  kind => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-router-'));
    let reason: string | undefined;
    let collector: LoopbackCollector | undefined;
    let outcome: OrderOutcome;
    let told: ReturnType<typeof sumByFlow>;

    /** Its system, or why there is none. */
    async function prepare(): Promise<System | string> {
      if (!existsSync(programOf(kind.name))) return `not built: npm run build:router -- ${kind.name}`;
      const obstacle = notEmulated(kind);
      if (obstacle !== undefined) return obstacle;
      try {
        return await systemOf(kind);
      } catch (problem) {
        return `its kernel and programs cannot be had: ${(problem as Error).message}`;
      }
    }

    beforeAll(async () => {
      const system = await prepare();
      if (typeof system === 'string') {
        reason = system;
        return;
      }
      collector = await LoopbackCollector.start(join(folder, 'data'));
      outcome = await emulateRouter(kind, system, { udp: collector.port, tcp: collector.tcpPort }, 500);
      console.log(`${outcome.output}${outcome.results.get('system')}`);
      told = await toldOf(collector);
    }, 1_800_000);

    /** By flow; waits for what has not been read from the router's connection yet. */
    async function toldOf(collector: LoopbackCollector): Promise<typeof told> {
      for (let patience = 30; ; patience--) {
        const records = await collector.records(FORWARDED);
        const sums = sumByFlow(records.map(record => ({ record: record as QueriedRecord['record'] })));
        if (sums.size >= FLOWS || patience === 0) return sums;
        await sleep(1000);
      }
    }

    beforeEach(context => context.skip(reason !== undefined, reason));

    afterAll(async () => {
      await collector?.stop();
      rmSync(folder, { recursive: true });
    });

    /** Of the kernel's list at a moment of the order. */
    const counted = (moment: string) => parseConntrack(canonical(outcome.results.get(moment)!)).filter(isForwarded);

    test('the order was carried out', () => expect(outcome.status).toBe(0));

    test.each([
      ['over-udp', OF_ALL_KINDS, 1],
      // The probe's own end is one, too.
      ['across-restart', LASTING, 2],
      ['over-tcp', OF_ALL_KINDS, 1],
    ])('%s: each connection is told of as the kernel counted it, with its translation', (moment, number, ends) => {
      const flows = counted(moment);
      expect(flows).toHaveLength(number);
      expect(flows.some(flow => translation(flow) !== NONE)).toBe(true);
      const expected = flows.map(flow => [
        kernelKey(flow),
        { ...kernelCounters(flow), finalReports: ends, natSource: translation(flow) },
      ]);
      const found = flows.map(flow => {
        const { interimReports, ...rest } = told.get(kernelKey(flow)) ?? {};
        return [kernelKey(flow), rest];
      });
      expect(found).toEqual(expected);
    });

    test('nothing else is told of', () => {
      expect(told.size).toBe(FLOWS);
    });

    test('the probe knows of no loss', () => {
      const status = JSON.parse(outcome.results.get('status.json')!);
      expect(status).toMatchObject({ lostEventTotalCount: 0, unsentRecordTotalCount: 0, notSentFlowTotalCount: 0 });
    });
  },
);

/** As records tell of it. */
function translation(flow: KernelFlow): string {
  const { original, reply } = flow;
  return original.source === reply.destination ? NONE : kernelNatSource(flow);
}

function isForwarded({ original }: KernelFlow): boolean {
  return original.source.startsWith('10.1.') || original.source.startsWith('fd00:1:');
}

/** Addresses of IPv6 as everybody but the kernel's list writes them (RFC 5952). */
function canonical(list: string): string {
  return list.replace(/(?<==)[0-9a-f]{4}(:[0-9a-f]{4}){7}/g, address =>
    new URL(`http://[${address}]`).hostname.slice(1, -1),
  );
}
