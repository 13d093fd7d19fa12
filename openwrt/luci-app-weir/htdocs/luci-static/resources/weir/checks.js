'use strict';
'require baseclass';

/* The worst first. */
const LEVELS = [ 'error', 'warning', 'info' ];

function finding(level, title, text) {
	return { level: level, title: title, text: text };
}

function ofTheProbe(facts) {
	const found = [];

	if (!facts.enabled)
		return [ finding('warning', _('The probe is switched off'),
			_('Nothing is metered. Switch it on in its settings.')) ];

	if (!facts.running)
		found.push(finding('error', _('The probe does not run'),
			_('It is switched on, but has ended. The system log says why: logread -e weir-probe')));
	else if (!facts.status)
		found.push(finding('warning', _('The probe has not told anything yet'),
			_('It does so within a few seconds after its start.')));

	if (facts.collectors.length === 0)
		found.push(finding('error', _('No collector is set'),
			_('Flows go to this router itself, where nobody collects them. Name a collector in the settings.')));

	return found;
}

function ofTheKernel(facts) {
	const found = [];

	if (!/^nf_conntrack_netlink /m.test(facts.modules) && !(facts.running && facts.status))
		found.push(finding('error', _('The kernel does not tell of its connections'),
			_('The module nf_conntrack_netlink is not loaded. Install the package kmod-nf-conntrack-netlink.')));

	if (facts.accounting !== '1')
		found.push(finding('error', _('The kernel does not count'),
			_('Connections have no counters of packets and octets. Set net.netfilter.nf_conntrack_acct to 1; connections that began before have none.')));

	if (facts.events === '0')
		found.push(finding('error', _('The kernel tells no events'),
			_('Ends of connections are found late, and those of short ones not at all. Set net.netfilter.nf_conntrack_events to 1.')));
	else if (facts.events === '2')
		found.push(finding('warning', _('Connections older than the probe end without an event'),
			_('Their ends are found late. Set net.netfilter.nf_conntrack_events to 1.')));

	if (facts.status && facts.status.maxSessionEntries > 0 &&
	    facts.status.conntrackEntryCount > 0.9 * facts.status.maxSessionEntries)
		found.push(finding('warning', _('The kernel\'s table of connections is almost full'),
			_('New connections are refused when it is. Set net.netfilter.nf_conntrack_max higher.')));

	if (facts.timestamps !== '1')
		found.push(finding('info', _('The kernel keeps no times of connections'),
			_('That is usual on OpenWrt. Times of beginnings are those at which the probe heard of them.')));

	if (facts.hardwareOffload)
		found.push(finding('info', _('Connections are offloaded to hardware'),
			_('Their counters are read about once a second; the last octets of a connection may be missing.')));

	return found;
}

function ofTheExport(facts) {
	const found = [], status = facts.status;

	if (!status)
		return found;

	(status.collectors || []).filter(function(collector) { return collector.away; }).forEach(function(collector) {
		found.push(finding('error', _('A collector does not take flows'),
			_('%s: it is not reachable, or nothing listens there.').format(collector.url)));
	});

	if (status.lostEventTotalCount > 0)
		found.push(finding('warning', _('Ends of connections were lost'),
			_('%d events did not fit the buffer. Make it larger, or let the kernel keep what does not fit.').format(status.lostEventTotalCount)));

	if (status.unsentRecordTotalCount > 0)
		found.push(finding('warning', _('Flow records were lost'),
			_('%d records were taken by no collector.').format(status.unsentRecordTotalCount)));

	if (status.flowTableOverflowTotalCount > 0)
		found.push(finding('warning', _('The flow table was full'),
			_('%d connections were reported at their end only. Make the table larger.').format(status.flowTableOverflowTotalCount)));

	if (status.counterResetTotalCount > 0)
		found.push(finding('warning', _('Somebody else sets counters back'),
			_('Counters of %d connections became smaller; nlbwmon and ulogd2 do that. What was counted in between may be missing.').format(status.counterResetTotalCount)));

	return found;
}

return baseclass.extend({
	/*
	 * What stands in the way of metering. facts: enabled, running, collectors (URLs), status (what the probe tells, or null), accounting, events and
	 * timestamps (sysctls of conntrack), modules (/proc/modules), hardwareOffload. Each finding has level, title and text.
	 */
	findings: function(facts) {
		const found = ofTheProbe(facts).concat(ofTheKernel(facts), ofTheExport(facts));

		return found.sort(function(one, other) { return LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level); });
	}
});
