import type { DataSet, Diagnostic, MessageVisitor } from '../message/visitor.js';
import { MessageWriter } from '../message/writer.js';
import type { Template } from '../template/template.js';

/** A Message with those Templates and, in Data Sets of those Template IDs, those Data Records. */
export function messageOf(
  header: { domain?: number; sequence?: number; exportTime?: number },
  templates: readonly Template[],
  records: readonly (readonly [templateId: number, bytes: readonly number[]])[] = [],
): Uint8Array {
  const buffer = new Uint8Array(65535);
  const writer = new MessageWriter(buffer);
  writer.begin(header.domain ?? 1);
  for (const template of templates) writer.addTemplate(template);
  for (const [id, bytes] of records) buffer.set(bytes, writer.reserve(id, bytes.length));
  return buffer.slice(0, writer.finish(header.exportTime ?? 1_800_000_000, header.sequence ?? 0));
}

/** A Message of Sets given as octets: [Set ID, ...content]. */
export function rawMessage(...sets: readonly (readonly number[])[]): Uint8Array {
  const bytes = sets.flatMap(([id, ...content]) => [id! >> 8, id! & 255, 0, content.length + 4, ...content]);
  const length = 16 + bytes.length;
  return Uint8Array.from([
    0,
    10,
    length >> 8,
    length & 255,
    ...[0, 0, 0, 9],
    ...[0, 0, 0, 0],
    ...[0, 0, 0, 1],
    ...bytes,
  ]);
}

/** A visitor that writes down what it is told. */
export class Recorder implements MessageVisitor {
  readonly events: string[] = [];
  readonly sets: DataSet[] = [];
  readonly diagnostics: Diagnostic[] = [];

  template(domain: number, template: Template): void {
    this.events.push(`template ${domain}:${template.id}`);
  }

  withdrawal(domain: number, id: number): void {
    this.events.push(`withdrawal ${domain}:${id}`);
  }

  unknownTemplate(domain: number, setId: number, bytes: Uint8Array): void {
    this.events.push(`unknown ${domain}:${setId} ${bytes.length}`);
  }

  dataSet(set: DataSet): void {
    this.events.push(`data ${set.template.id}`);
    this.sets.push(set);
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.events.push(diagnostic.reason);
    this.diagnostics.push(diagnostic);
  }
}
