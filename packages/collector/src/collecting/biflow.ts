import { elements, REVERSE_PEN, type Template } from '@weir/ipfix';

/**
 * Whether the Template has Reverse Information Elements, but nothing that names an endpoint: its records tell of two directions that nothing
 * tells apart. Such records must not be sent, and are to be dropped (RFC 5103 section 4).
 */
export function lacksDirection({ fields }: Template): boolean {
  if (!fields.some(({ enterprise }) => enterprise === REVERSE_PEN)) return false;
  return !fields.some(({ enterprise, id }) => {
    const name = enterprise === REVERSE_PEN ? undefined : elements.byId(enterprise, id)?.name;
    return name !== undefined && /source|destination/i.test(name);
  });
}
