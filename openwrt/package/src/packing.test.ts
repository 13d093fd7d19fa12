import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { apk, apkName } from './apk.js';
import { ARCHITECTURES } from './architectures.js';
import { ipk, ipkName } from './ipk.js';
import { luciPackages, openwrt, probePackages } from './packages.js';
import { tar } from './tar.js';
import { packageOfStandIn, standInProgram } from './testing/packages.js';
import { filesBelow, type PackedFile } from './tree.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-packages-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the system's tar finds in an archive. */
function listed(archive: Uint8Array): string[] {
  return execFileSync('tar', ['-tvf', '-', '--numeric-owner'], {
    input: archive,
    env: { ...process.env, TZ: 'UTC' },
    stdio: 'pipe',
  })
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => line.replaceAll(/ +/g, ' '));
}

function unpacked(archive: Uint8Array, path: string): Buffer {
  return execFileSync('tar', ['-xOf', '-', path], { input: archive, stdio: 'pipe' });
}

test('the system’s tar reads what is written', () => {
  const path = fc
    .array(fc.stringMatching(/^[a-z0-9_.-]{1,30}$/), { minLength: 1, maxLength: 5 })
    .map(parts => parts.map(part => `x${part}`).join('/'));
  const content = fc.uint8Array({ maxLength: 2000 });
  fc.assert(
    fc.property(path, content, (path, content) => {
      const archive = tar([{ path, mode: 0o644, content }], { time: 1 });
      expect(unpacked(archive, path).equals(content)).toBe(true);
      expect(listed(archive).at(-1)).toBe(`-rw-r--r-- 0/0 ${content.length} 1970-01-01 00:00 ${path}`);
    }),
    { numRuns: 20 },
  );
});

test('a package for opkg: what it is, and what is in it', () => {
  const from = packageOfStandIn();
  const outer = gunzipSync(ipk(from));
  expect(ipkName(from)).toBe('weir-probe_0.1.0-r1_x86_64.ipk');
  expect(listed(outer).map(line => line.split(' ')[5])).toEqual([
    './',
    './control.tar.gz',
    './data.tar.gz',
    './debian-binary',
  ]);
  expect(unpacked(outer, './debian-binary').toString()).toBe('2.0\n');
  const control = gunzipSync(unpacked(outer, './control.tar.gz'));
  const description = unpacked(control, './control').toString();
  expect(description).toContain('Package: weir-probe\nVersion: 0.1.0-r1\nDepends: kmod-nf-conntrack-netlink\n');
  expect(description).toContain('\nArchitecture: x86_64\n');
  expect(unpacked(control, './conffiles').toString()).toBe('/etc/config/weir\n');
  const data = gunzipSync(unpacked(outer, './data.tar.gz'));
  expect(listed(data)).toContain(
    `-rwxr-xr-x 0/0 ${readFileSync(standInProgram).length} 2026-01-01 00:00 ./usr/sbin/weir-probe`,
  );
  expect(unpacked(data, './etc/init.d/weir-probe')).toEqual(
    readFileSync(join(openwrt, 'weir-probe/files/etc/init.d/weir-probe')),
  );
});

/** Where the first of two gzip streams ends: its deflate data ends where its checksum and length follow. */
function streams(octets: Buffer): [Buffer, Buffer] {
  for (
    let at = octets.indexOf('\x1f\x8b\x08', 1, 'latin1');
    at > 0;
    at = octets.indexOf('\x1f\x8b\x08', at + 1, 'latin1')
  ) {
    try {
      const content = inflateRawSync(octets.subarray(10, at - 8));
      if (crc32(content) === octets.readUInt32LE(at - 8)) return [octets.subarray(0, at), octets.subarray(at)];
    } catch {}
  }
  throw new Error('there are no two streams');
}

test('a package for apk: two streams, the first of which has the checksum of the second', () => {
  const from = packageOfStandIn();
  const [control, data] = streams(apk(from));
  expect(apkName(from)).toBe('weir-probe-0.1.0-r1.apk');
  const information = unpacked(gunzipSync(control), '.PKGINFO').toString().split('\n');
  expect(information).toContain('pkgname = weir-probe');
  expect(information).toContain('pkgver = 0.1.0-r1');
  expect(information).toContain('arch = x86_64');
  expect(information).toContain('depend = kmod-nf-conntrack-netlink');
  expect(information).toContain(`datahash = ${createHash('sha256').update(data).digest('hex')}`);
  const names = listed(gunzipSync(data)).map(line => line.split(' ')[5]);
  expect(names).toContain('usr/sbin/weir-probe');
  expect(names).toContain('lib/apk/packages/weir-probe.list');
  const sum = createHash('sha1').update(readFileSync(standInProgram)).digest('hex');
  expect(gunzipSync(data).toString('latin1')).toContain(` APK-TOOLS.checksum.SHA1=${sum}\n`);
  // No end of an archive in the first: to apk both are one.
  expect(
    gunzipSync(control)
      .subarray(-512)
      .some(octet => octet !== 0),
  ).toBe(true);
});

test('the same sources give the same octets, whenever and from wherever they are packed', () => {
  const copy = join(folder, 'copy');
  cpSync(join(openwrt, 'weir-probe/files'), copy, { recursive: true });
  utimesSync(join(copy, 'etc/init.d/weir-probe'), 1, 1);
  const from = packageOfStandIn();
  const files: PackedFile[] = [
    ...filesBelow(copy),
    from.files.find(({ path }) => path === 'usr/sbin/weir-probe')!,
  ].reverse();
  expect(ipk({ ...from, files }).equals(ipk(from))).toBe(true);
  expect(apk({ ...from, files }).equals(apk(from))).toBe(true);
});

test('a target has a package for each architecture whose processors run it', () => {
  const program = join(folder, 'weir-probe');
  writeFileSync(program, 'program');
  for (const [target, architectures] of Object.entries(ARCHITECTURES))
    expect(probePackages(target, program).map(each => each.architecture)).toEqual(architectures);
});

test('a program that has not been built is told how to build', () => {
  expect(() => probePackages('mips', join(folder, 'nowhere'))).toThrow('npm run build:router -- mips');
});

test('LuCI’s pages and their translations are packages of their own, for all architectures', () => {
  const packages = luciPackages();
  expect(packages.map(ipkName)).toEqual(['luci-app-weir_0.1.0-r1_all.ipk', 'luci-i18n-weir-de_0.1.0-r1_all.ipk']);
  const [app, german] = packages.map(each => each.files.map(({ path }) => path));
  expect(app).toContain('www/luci-static/resources/view/weir/status.js');
  expect(app).toContain('usr/share/rpcd/acl.d/luci-app-weir.json');
  expect(german).toContain('usr/lib/lua/luci/i18n/weir.de.lmo');
});

test('the packages have the version of the probe', () => {
  const { version } = JSON.parse(readFileSync(join(openwrt, '../packages/probe/package.json'), 'utf8'));
  expect([packageOfStandIn(), ...luciPackages()].map(each => each.version)).toEqual([version, version, version]);
});
