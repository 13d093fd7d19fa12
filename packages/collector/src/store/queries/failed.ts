import { type Field, fields } from '@weir/flow';
import { presentSql } from '../../flow/present.js';

function has(column: string): string {
  return presentSql(Object.values((fields.find(field => field.column === column) as Field).elements));
}

/** Packets of a handshake that never came about: the first and its repetitions (net.ipv4.tcp_syn_retries is 6), each without data. */
const SMALL = 'packets <= 10 AND octets <= 80 * packets';
/** TCP: a reset and nothing else came back; it has no options, where SYN+ACK has the segment size at least (RFC 9293 section 3.7.1). */
const REFUSED = `reverseOctets <= reversePackets * if(${presentSql([0])}, 40, 60)`;
const SYN = 2;
const ACK = 16;

/** SQL: whether a record can say if its flow was answered. Sampled ones cannot, nor those of one direction without TCP's control bits. */
export const judgedSql = `(samplingInterval < 2 AND (${has('reversePackets')} OR (protocol = 6 AND ${has('tcpControlBits')})))`;

/**
 * SQL: whether a record's flow has come to nothing. TCP: no handshake, because nothing came back, or a reset, or the initiator sent no second
 * packet (a flood with forged sources is answered, to nobody). Other protocols: nothing came back. A TCP flow with much in one direction alone
 * is one whose other direction goes another way.
 */
export const failedSql = `if(protocol = 6, ${SMALL} AND if(${has('reversePackets')}, reversePackets = 0 OR packets <= 1 OR ${REFUSED}, bitAnd(tcpControlBits, ${SYN | ACK}) = ${SYN}), reversePackets = 0)`;

/** What became of a TCP handshake: an answer without its end is half open (RFC 9293 section 3.5.1). */
export const handshakes = ['established', 'unanswered', 'rejected', 'halfOpen'] as const;

/** SQL: a bit for each state of conntrack (enum tcp_conntrack) that a record tells of. */
export const statesSql = 'bitAnd(bitOr(tcpStateHistory, bitShiftLeft(toUInt16(1), tcpState)), 65534)';
/** ESTABLISHED to TIME_WAIT: only CLOSE is reached without a handshake, too. */
const SINCE_ESTABLISHED = 0b1111_1000;
/** SQL: whether a record is the first of its flow: what goes on is told again and again, and counts once. */
export const firstSql = `(NOT ${has('flowStart')} OR recordBegin <= flowStart) AND NOT repeated`;

/**
 * SQL: whether a record goes from a service to a port that a client has chosen: what comes late, or answers forged sources, after connection
 * tracking has forgotten the question. It looks like a question of the service's, and is none.
 */
export const lateAnswerSql = '(sourcePort > 0 AND sourcePort < 1024 AND destinationPort >= 1024)';

/** SQL: nobody answers what is sent to many (RFC 5771, RFC 4291 section 2.7, RFC 919). */
export const toManySql =
  "(destinationAddress BETWEEN toIPv6('::ffff:224.0.0.0') AND toIPv6('::ffff:239.255.255.255') OR destinationAddress = toIPv6('::ffff:255.255.255.255') OR destinationAddress >= toIPv6('ff00::'))";

/**
 * SQL, of a TCP record that tells of both directions: what became of the handshake, as an index of `handshakes`. By the connection's states
 * where they are told, else by the counters, if they begin with the connection.
 */
export const handshakeSql = `multiIf(bitAnd(${statesSql}, ${SINCE_ESTABLISHED}) != 0 OR NOT (${SMALL}), 0,
  reversePackets = 0, 1, ${REFUSED}, 2, packets <= 1, 3, 0)`;
