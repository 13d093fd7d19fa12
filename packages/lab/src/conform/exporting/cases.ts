import type { Result, Transport } from '../case.js';
import { formatCases } from './cases-format.js';
import { optionsCases } from './cases-options.js';
import { heardCase, streamCases } from './cases-stream.js';
import { templateCases } from './cases-templates.js';
import { valueCases } from './cases-values.js';
import type { Circumstances, ExporterCase } from './exporter-case.js';
import type { Heard } from './heard.js';

/** Every case of an Exporting Process. */
export const exporterCases: readonly ExporterCase[] = [
  heardCase,
  ...formatCases,
  ...templateCases,
  ...streamCases,
  ...valueCases,
  ...optionsCases,
];

/** Judges what was heard of an exporter over one transport. */
export function judgeExporter(
  heard: Heard,
  subject: string,
  transport: Transport,
  circumstances: Circumstances,
): Result[] {
  return exporterCases.map(info => ({ info, subject, transport, ...info.judge(heard, circumstances) }));
}
