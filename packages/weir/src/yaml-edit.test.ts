import { describe, expect, test } from 'vitest';
import { editYaml, pickYaml } from './yaml-edit.js';

const text = `# Of the roof.

# Often, for the pages.
active-timeout: 5 # seconds

store: "clickhouse:http://h/db"
collector:
  # The archive.
  - tcp://192.0.2.1:4739
  - udp://192.0.2.2:4739
`;

describe('an edit', () => {
  test('of nothing leaves every octet', () => expect(editYaml(text, {})).toBe(text));

  test('changes a value, and no comment', () => {
    expect(editYaml(text, { 'active-timeout': 60 })).toBe(text.replace('active-timeout: 5', 'active-timeout: 60'));
  });

  test('keeps the comments of items that stay', () => {
    const collector = ['tcp://192.0.2.1:4739', 'udp://192.0.2.3:4739'];
    expect(editYaml(text, { collector })).toBe(text.replace('192.0.2.2', '192.0.2.3'));
  });

  test('takes a key out, and keeps what is said before it', () => {
    const edited = editYaml(text, { 'active-timeout': null });
    expect(edited).not.toContain('active-timeout');
    for (const line of ['# Of the roof.', '# Often, for the pages.', '  # The archive.'])
      expect(edited).toContain(line);
    expect(editYaml(text, { collector: null })).not.toContain('192.0.2');
  });

  test('adds keys behind the others', () => {
    expect(editYaml(text, { mend: true, fields: 'full' })).toBe(`${text}mend: true\nfields: full\n`);
  });

  test('of an empty text makes one', () => {
    expect(editYaml('', { sample: 10, collector: ['udp://h'] })).toBe('sample: 10\ncollector:\n  - udp://h\n');
    expect(editYaml('', { sample: null })).toBe('');
    expect(editYaml('# Nothing yet.\n', { sample: 10 })).toBe('# Nothing yet.\n\nsample: 10\n');
    expect(editYaml('# Ten.\nsample: 10\n', { sample: null })).toBe('# Ten.\n');
  });

  test('quotes what would mean something else', () => {
    expect(editYaml('', { filter: 'yes', state: '1' })).toBe('filter: "yes"\nstate: "1"\n'.replace('"yes"', 'yes'));
  });

  test.each(['a: [', '- a\n', 'a: 1\na: 2\n'])('of what is no configuration is refused: %j', wrong => {
    expect(() => editYaml(wrong, { sample: 1 })).toThrow(/configuration/);
  });
});

test('only some keys, with their comments', () => {
  expect(pickYaml(text, ['active-timeout'])).toBe(
    '# Of the roof.\n\n# Often, for the pages.\nactive-timeout: 5 # seconds\n',
  );
  expect(pickYaml(text, ['mend'])).toBe('');
});
