import { VARIABLE_LENGTH } from '../elements/types.js';
import type { Template } from './template.js';

/** Generated code that finds the fields of one Data Record in the view `b`, from offset `at` on. */
export interface Located {
  /** `break`s where the record overruns `end`; else `next` is the offset behind it. */
  readonly statements: readonly string[];
  /** The offset of each field's value, and its octets. */
  readonly positions: readonly string[];
  readonly lengths: readonly string[];
}

export function locate(template: Template): Located {
  const statements: string[] = [];
  const positions: string[] = [];
  let base = 'at';
  let gap = 0;
  template.fields.forEach(({ length }, i) => {
    if (length !== VARIABLE_LENGTH) {
      positions.push(`${base}+${gap}`);
      gap += length;
      return;
    }
    // A length octet, or 255 and two more (RFC 7011 section 7).
    statements.push(
      `let p${i}=${base}+${gap};if(p${i}>=end)break;let l${i}=b.getUint8(p${i}++);`,
      `if(l${i}===255){if(p${i}+2>end)break;l${i}=b.getUint16(p${i});p${i}+=2;}const q${i}=p${i}+l${i};`,
    );
    positions.push(`p${i}`);
    base = `q${i}`;
    gap = 0;
  });
  statements.push(`const next=${base}+${gap};if(next>end)break;`);
  const lengths = template.fields.map(({ length }, i) => (length === VARIABLE_LENGTH ? `l${i}` : `${length}`));
  return { statements, positions, lengths };
}
