import type { PackedFile } from './tree.js';

/** What package managers are told of a package, and what is in it. */
export interface Package {
  readonly name: string;
  /** Without the release: 0.1.0. */
  readonly version: string;
  readonly release: number;
  /** As OpenWrt names it; undefined where it runs on all. */
  readonly architecture: string | undefined;
  readonly title: string;
  readonly description: string;
  readonly license: string;
  readonly maintainer: string;
  readonly section: string;
  readonly depends: readonly string[];
  /** Files that people change, with a leading "/": an upgrade leaves them alone. */
  readonly conffiles: readonly string[];
  /** Lines of a shell script that runs after the installation, before services start; empty where there is nothing to do. */
  readonly afterInstall: string;
  readonly files: readonly PackedFile[];
}

/** Of everything in packages, so that the same sources give the same octets: 2026-01-01. */
export const PACKAGE_TIME = 1_767_225_600;

/** As both package managers write it. */
export function fullVersion({ version, release }: Package): string {
  return `${version}-r${release}`;
}
