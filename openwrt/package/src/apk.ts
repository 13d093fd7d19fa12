import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { fullVersion, PACKAGE_TIME, type Package } from './package.js';
import { tar } from './tar.js';
import { inOrder, type PackedFile } from './tree.js';

const digest = (algorithm: string, content: Uint8Array): string => createHash(algorithm).update(content).digest('hex');

const text = (path: string, content: string, mode = 0o644): PackedFile => ({
  path,
  mode,
  content: Buffer.from(content),
});

export function apkName(from: Package): string {
  return `${from.name}-${fullVersion(from)}.apk`;
}

/**
 * A package for apk (OpenWrt 25.12 and later), in version 2 of its format, which apk 3 installs, too: two archives, each compressed by itself,
 * of what it is and of what is in it. It has no signature: `apk add --allow-untrusted`.
 */
export function apk(from: Package): Buffer {
  const files = [...from.files, ...lists(from)];
  const attributes = ({ content }: PackedFile) => ({ 'APK-TOOLS.checksum.SHA1': digest('sha1', content) });
  const data = gzipSync(tar(files, { time: PACKAGE_TIME, attributes }), { level: 9 });
  const control = tar([text('.PKGINFO', information(from, files, data)), ...scripts(from)], {
    time: PACKAGE_TIME,
    open: true,
  });
  return Buffer.concat([gzipSync(control, { level: 9 }), data]);
}

/** What OpenWrt's scripts know the files of a package by. */
function lists({ name, files, conffiles }: Package): PackedFile[] {
  const lines = (suffix: string, all: readonly string[]): PackedFile[] =>
    all.length === 0 ? [] : [text(`lib/apk/packages/${name}.${suffix}`, `${all.join('\n')}\n`)];
  const originals = conffiles.map(path => {
    const file = files.find(each => `/${each.path}` === path);
    if (file === undefined) throw new Error(`${name} says that ${path} is configuration, but has no such file`);
    return `${path} ${digest('sha256', file.content)}`;
  });
  return [
    ...lines(
      'list',
      inOrder(files).map(({ path }) => `/${path}`),
    ),
    ...lines('conffiles', conffiles),
    ...lines('conffiles_static', originals),
  ];
}

function information(from: Package, files: readonly PackedFile[], data: Buffer): string {
  const values: [string, string | number][] = [
    ['pkgname', from.name],
    ['pkgver', fullVersion(from)],
    ['pkgdesc', from.title],
    ['size', files.reduce((sum, { content }) => sum + content.length, 0)],
    ['arch', from.architecture ?? 'noarch'],
    ['maintainer', from.maintainer],
    ['license', from.license],
    ...from.depends.map(each => ['depend', each] as [string, string]),
    ['datahash', digest('sha256', data)],
  ];
  return values.map(([name, value]) => `${name} = ${value}\n`).join('');
}

function scripts(from: Package): PackedFile[] {
  const install = [
    '[ "$IPKG_NO_SCRIPT" = "1" ] && exit 0',
    ...functions(from.name),
    'add_group_and_user',
    'default_postinst',
    ...(from.afterInstall === '' ? [] : [from.afterInstall]),
  ];
  const script = (name: string, lines: readonly string[]) =>
    text(`.${name}`, `${['#!/bin/sh', ...lines].join('\n')}\n`, 0o755);
  return [
    script('post-install', install),
    script('post-upgrade', ['export PKG_UPGRADE=1', ...install]),
    script('pre-deinstall', [...functions(from.name), 'default_prerm']),
  ];
}

function functions(name: string): string[] {
  const file = '"$IPKG_INSTROOT/lib/functions.sh"';
  return [`[ -s ${file} ] || exit 0`, `. ${file}`, 'export root="$IPKG_INSTROOT"', `export pkgname="${name}"`];
}
