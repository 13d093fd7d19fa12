/**
 * What the library makes of some Messages, as JSON: the same in every JavaScript engine. Plain ECMAScript, as tests run it in engines that
 * have neither Node's nor a browser's API. `weir` is the built package, `messages` are in hex.
 */
export function check(weir, messages) {
  const octets = messages.map(hex => Uint8Array.from(hex.match(/../g) ?? [], each => Number.parseInt(each, 16)));
  return JSON.stringify({ decoded: decoded(weir, octets), written: written(weir), text: text(weir) });
}

function hex(bytes) {
  return Array.from(bytes, each => each.toString(16).padStart(2, '0')).join('');
}

function decoded(weir, messages) {
  const session = new weir.TransportSession();
  const sets = [];
  const dataSet = set => void sets.push({ records: weir.decodeRecords(set), columns: columns(weir, set) });
  const diagnostic = ({ reason, offset }) => void sets.push({ reason, offset });
  for (const message of messages) session.decode(message, { dataSet, diagnostic });
  return { sets, counters: session.counters, state: session.save() };
}

/** As many records as it takes to have code made for a Template, where that is allowed. */
const WARM = 2048;

function columns(weir, set) {
  const rows = weir.recordCount(set);
  const bindings = set.template.fields.flatMap((field, index) => {
    const kind = Object.keys(weir.COLUMN_WIDTH).find(each => weir.canBind(field, each));
    if (kind === undefined) return [];
    return [{ field: index, column: { kind, data: new Uint8Array(rows * weir.COLUMN_WIDTH[kind]) } }];
  });
  const decoder = weir.compileDecoder(set.template, bindings);
  for (let i = 0; i < WARM; i += rows) decoder.decode(set.bytes, set.start, set.end, 0, rows);
  const encoder = weir.compileColumnsEncoder(set.template, bindings);
  const bytes = new Uint8Array(rows * encoder.recordLength);
  const encoded = encoder.encode(0, rows, bytes, 0);
  return { columns: bindings.map(({ column }) => hex(column.data)), encoded, bytes: hex(bytes) };
}

/** A Message of many types, with its checksum as in a file. */
function written(weir) {
  const template = weir.defineTemplate(256, [
    'sourceIPv6Address',
    'reverseOctetDeltaCount',
    'flowStartNanoseconds',
    'interfaceName',
    'samplingProbability',
    'basicList',
  ]);
  const buffer = new Uint8Array(1400);
  const writer = new weir.MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate(template);
  writer.addRecord(template, {
    sourceIPv6Address: '2001:db8::1',
    reverseOctetDeltaCount: '18446744073709551615',
    flowStartNanoseconds: '2026-11-24T03:04:05.123456789Z',
    interfaceName: 'br-län \u{1f30a}',
    samplingProbability: 0.25,
    basicList: { semantic: 'allOf', element: 'egressInterface', list: [1, 8] },
  });
  const message = buffer.subarray(0, writer.finish(1_800_000_000, 0));
  const file = new weir.FileWriter({ checksum: true }).add(message, { message: { exportSctpStreamId: 1 } });
  return { file: hex(file), read: decoded(weir, [file]) };
}

function text(weir) {
  const element = name => weir.elements.byName(name);
  return [
    weir.valueText(element('tcpControlBits'), 18),
    weir.valueText(element('flowStartMilliseconds'), '2026-11-24T03:04:05.123Z'),
    weir.parseText(element('octetDeltaCount'), '0xffffffffffffffff'),
    weir.valueName(136, 3),
    weir.protocolNumber('TCP'),
  ];
}
