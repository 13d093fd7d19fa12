import { gzipSync } from 'node:zlib';
import { fullVersion, PACKAGE_TIME, type Package } from './package.js';
import { tar } from './tar.js';
import type { PackedFile } from './tree.js';

const archive = (files: readonly PackedFile[]): Buffer =>
  gzipSync(tar(files, { time: PACKAGE_TIME, prefix: './' }), { level: 9 });

const text = (path: string, content: string, mode = 0o644): PackedFile => ({
  path,
  mode,
  content: Buffer.from(content),
});

export function ipkName(from: Package): string {
  return `${from.name}_${fullVersion(from)}_${from.architecture ?? 'all'}.ipk`;
}

/** A package for opkg (OpenWrt 24.10 and older): an archive of two archives, of what it is and of what is in it. */
export function ipk(from: Package): Buffer {
  return archive([
    text('debian-binary', '2.0\n'),
    { path: 'control.tar.gz', mode: 0o644, content: archive(control(from)) },
    { path: 'data.tar.gz', mode: 0o644, content: archive(from.files) },
  ]);
}

function control(from: Package): PackedFile[] {
  const files = [
    text('control', description(from)),
    text('postinst', script('[ "$IPKG_NO_SCRIPT" = "1" ] && exit 0', 'default_postinst "$0" "$@"'), 0o755),
    text('prerm', script('default_prerm "$0" "$@"'), 0o755),
  ];
  if (from.conffiles.length > 0) files.push(text('conffiles', `${from.conffiles.join('\n')}\n`));
  // OpenWrt's default_postinst runs it.
  if (from.afterInstall !== '') files.push(text('postinst-pkg', `${from.afterInstall}\n`, 0o755));
  return files;
}

function description(from: Package): string {
  const octets = from.files.reduce((sum, { content }) => sum + content.length, 0);
  const lines = [
    `Package: ${from.name}`,
    `Version: ${fullVersion(from)}`,
    ...(from.depends.length > 0 ? [`Depends: ${from.depends.join(', ')}`] : []),
    `License: ${from.license}`,
    `Section: ${from.section}`,
    `Maintainer: ${from.maintainer}`,
    `Architecture: ${from.architecture ?? 'all'}`,
    `Installed-Size: ${octets}`,
    `Description: ${from.description.split('\n').join('\n ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Enabling, starting, stopping of services, sysctl and uci-defaults are OpenWrt's own. */
function script(...lines: string[]): string {
  const [last, ...before] = lines.reverse();
  const functions = '"$IPKG_INSTROOT/lib/functions.sh"';
  return `${['#!/bin/sh', ...before, `[ -s ${functions} ] || exit 0`, `. ${functions}`, last].join('\n')}\n`;
}
