import { brokenSubjects } from './broken.js';
import { fprobe } from './fprobe.js';
import { pmacctd } from './pmacctd.js';
import { softflowd } from './softflowd.js';
import type { Subject } from './subject.js';
import { ulogd2Subject } from './ulogd2.js';
import { weirSubject } from './weir.js';

/** Every exporter under test by its name. */
export const subjects: ReadonlyMap<string, Subject> = new Map(
  [
    weirSubject('weir'),
    weirSubject('weir-kernel', [], 'kernel'),
    ulogd2Subject('ulogd2'),
    softflowd,
    pmacctd,
    fprobe,
    ...brokenSubjects,
  ].map(each => [each.name, each]),
);
