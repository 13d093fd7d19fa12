'use strict';
'require baseclass';

function keyOf(entry) {
	return [entry.layer3, entry.layer4, entry.src, entry.sport, entry.dst, entry.dport].join(' ');
}

function endpoint(address, port) {
	if (!port)
		return address;

	return (address.indexOf(':') < 0 ? address : '[' + address + ']') + ':' + port;
}

return baseclass.extend({
	/*
	 * Flows of the kernel's table, the fastest first. entries: as the method getConntrackList tells them; before: octets by flow as the call
	 * before returned them, null at the first; seconds: since then. Rates are in bits per second, null where they are not known yet.
	 */
	flows: function(entries, before, seconds) {
		const octets = {};
		const flows = entries.map(function(entry) {
			const key = keyOf(entry), count = +entry.bytes || 0;

			octets[key] = count;

			// A flow that began since then has all its octets since then. One with less than before is another of the same key.
			const old = before ? (before[key] > count ? 0 : before[key] || 0) : null;

			return {
				protocol: String(entry.layer4 || '').toUpperCase(),
				source: endpoint(entry.src, entry.sport),
				destination: endpoint(entry.dst, entry.dport),
				packets: +entry.packets || 0,
				octets: count,
				rate: before && seconds > 0 ? (count - old) * 8 / seconds : null
			};
		});

		flows.sort(function(one, other) { return (other.rate || 0) - (one.rate || 0) || other.octets - one.octets; });

		return {
			flows: flows,
			octets: octets,
			throughput: before && seconds > 0 ? flows.reduce(function(sum, flow) { return sum + flow.rate; }, 0) : null
		};
	},

	/* What the probe exported a second, from two of its status files; null where they are of different runs, or the same file. */
	exported: function(status, before) {
		const seconds = status && before ? (status.time - before.time) / 1000 : 0;

		if (!(seconds > 0) || status.exportedFlowRecordTotalCount < before.exportedFlowRecordTotalCount)
			return null;

		return {
			records: (status.exportedFlowRecordTotalCount - before.exportedFlowRecordTotalCount) / seconds,
			bits: (status.exportedOctetTotalCount - before.exportedOctetTotalCount) * 8 / seconds
		};
	}
});
