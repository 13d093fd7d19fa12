import type { Template } from '../template/template.js';
import type { PdmlField } from './pdml.js';

/** NetFlow v9 types that we read as the element that they became: firewalls sent them before it existed. */
const BECAME: Readonly<Record<string, string>> = {
  '0:40000': '0:371',
  '0:40001': '0:225',
  '0:40002': '0:226',
  '0:40003': '0:227',
  '0:40004': '0:228',
  '0:40005': '0:233',
};

function shown(field: PdmlField, name: RegExp): string | undefined {
  return field.children.find(each => name.test(each.name))?.show;
}

/** A Field Specifier of tshark's as "PEN:ID length". A scope of NetFlow v9 has no element: "scope length". */
function specifierOf(field: PdmlField): string {
  const id = shown(field, /^cflow\.template_\w*field_type/);
  const length = shown(field, /^cflow\.template_field_length/);
  if (id === undefined) return `scope ${length}`;
  const element = `${shown(field, /^cflow\.template_ipfix_field_pen$/) ?? 0}:${id}`;
  return `${BECAME[element] ?? element} ${length}`;
}

/** The Templates that tshark reads in a Message: Template ID -> Field Specifiers. */
export function templatesIn(message: PdmlField): [id: number, specifiers: string[]][] {
  return message.children
    .flatMap(set => set.children)
    .filter(each => /^(Options )?Template \(Id = /.test(each.show))
    .map(each => [
      Number(shown(each, /^cflow\.template_id$/)),
      each.children
        .filter(child => child.show.startsWith('Field ('))
        .map(specifierOf)
        // NetFlow v9 fields of length 0 are not in our Templates, as they are not in the records.
        .filter(specifier => specifier.startsWith('scope') || !specifier.endsWith(' 0')),
    ]);
}

/** A line where our Template is not what tshark read, with its elements by number and their lengths. */
export function templateDifferences(template: Template, theirs: readonly string[]): string[] {
  const ours = template.fields.map(({ enterprise, id, length }, i) =>
    theirs[i]?.startsWith('scope') && i < template.scopeFieldCount
      ? `scope ${length}`
      : `${enterprise}:${id} ${length}`,
  );
  return ours.join() === theirs.join() ? [] : [`Template ${template.id} ${ours.join()}: ${theirs.join()}`];
}
