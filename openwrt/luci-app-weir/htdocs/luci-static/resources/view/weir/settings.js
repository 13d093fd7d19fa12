'use strict';
'require view';
'require form';

/* What the probe on a router exports to. */
const COLLECTOR = /^(udp|tcp):\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?(\?\S+)?$/;
const ANONYMISE = /^(truncate:\d{1,2},\d{1,3}|crypto-pan:\/\S+)$/;

function ofForm(pattern, complaint) {
	return function(section_id, value) {
		return !value || pattern.test(value) ? true : complaint;
	};
}

function general(s) {
	let o = s.taboption('general', form.Flag, 'enabled', _('Enabled'), _('Meter the connections of this router, from each boot on.'));
	o.rmempty = false;

	o = s.taboption('general', form.DynamicList, 'collector', _('Collectors'),
		_('Where flows are exported to: udp://HOST:PORT or tcp://HOST:PORT, an IPv6 address in brackets. TCP sends again what was lost on the way.'));
	o.placeholder = 'udp://192.0.2.1:4739';
	o.validate = ofForm(COLLECTOR, _('Expecting: udp://HOST:PORT or tcp://HOST:PORT'));

	o = s.taboption('general', form.ListValue, 'distribute', _('With several collectors'));
	o.value('all', _('all get each flow'));
	o.value('failover', _('the first that is there'));
	o.value('balance', _('one of them, by addresses and ports'));
	o.default = 'all';

	o = s.taboption('general', form.Value, 'domain', _('Observation Domain'),
		_('A number that tells routers apart which a collector sees at the same address. It was made of a MAC address.'));
	o.datatype = 'and(uinteger,range(0,4294967295))';
	o.placeholder = '1';
}

function records(s) {
	let o = s.taboption('records', form.Value, 'fields', _('Fields'),
		_('What flow records hold: default, or names of Information Elements with commas between them. The probe refuses what it was not built with.'));
	o.value('default', _('default'));
	o.placeholder = 'default';

	o = s.taboption('records', form.Flag, 'tcp_events', _('TCP handshakes and states'),
		_('Round trips of handshakes, and the last state of each side. Costs some processor time for each connection.'));
	o.default = '1';

	o = s.taboption('records', form.Value, 'as_table', _('Table of AS numbers'), _('A file with a network and its AS number a line.'));
	o.datatype = 'file';
	o.placeholder = '/etc/weir-as.txt';

	o = s.taboption('records', form.Value, 'filter', _('Filter'), _('Export only flows that fit.'));
	o.placeholder = 'net 10.0.0.0/8 and not port 53';

	o = s.taboption('records', form.Value, 'sample', _('Sampling'), _('Export one of so many flows; 1 is all.'));
	o.datatype = 'and(uinteger,range(1,1000000))';
	o.placeholder = '1';

	o = s.taboption('records', form.Value, 'anonymise', _('Anonymise'),
		_('Change all addresses and leave out MAC addresses: truncate:BITS,BITS keeps the first bits of IPv4 and of IPv6 addresses; crypto-pan:KEYFILE replaces addresses and keeps common prefixes.'));
	o.value('truncate:24,48');
	o.validate = ofForm(ANONYMISE, _('Expecting: truncate:24,48 or crypto-pan:/FILE'));

	o = s.taboption('records', form.DynamicList, 'anonymise_networks', _('Anonymise only'), _('Addresses of these networks. None means all.'));
	o.datatype = 'cidr';
}

function times(s) {
	let o = s.taboption('times', form.Value, 'active_timeout', _('Active timeout'),
		_('Seconds after which a flow that goes on is reported, and again each time.'));
	o.datatype = 'and(ufloat,range(1,86400))';
	o.placeholder = '60';

	o = s.taboption('times', form.Value, 'template_refresh_interval', _('Templates again after'),
		_('Seconds after which Templates are sent again over UDP.'));
	o.datatype = 'and(ufloat,range(1,86400))';
	o.placeholder = '10';

	o = s.taboption('times', form.Value, 'template_refresh_messages', _('Or after'), _('Messages, if that is sooner.'));
	o.datatype = 'and(uinteger,range(1,4294967295))';
	o.placeholder = '1000';
}

function resources(s) {
	let o = s.taboption('resources', form.Value, 'flow_table_entries', _('Flow table'),
		_('Connections that can have reports while they live; others are reported at their end. 160 octets of memory each.'));
	o.datatype = 'and(uinteger,range(64,16777216))';
	o.placeholder = '16384';

	o = s.taboption('resources', form.Value, 'event_buffer', _('Buffer for events'),
		_('Octets of kernel memory for ends of connections that wait to be read.'));
	o.datatype = 'and(uinteger,range(4096,1073741824))';
	o.placeholder = '524288';

	o = s.taboption('resources', form.Flag, 'reliable', _('Lose no end'),
		_('The kernel keeps ends of connections that do not fit the buffer, and tells them later.'));
	o.default = '1';

	o = s.taboption('resources', form.Flag, 'mend', _('Mend'),
		_('Put back what metering needs where something takes it away, and undo it at the end. Not needed where the package has set it for good.'));
	o.default = '0';
}

return view.extend({
	render: function() {
		const m = new form.Map('weir', _('Flow Probe'),
			_('Exports the connections of this router as IPFIX flows. Changes take effect without losing a flow.'));
		const s = m.section(form.TypedSection, 'probe');

		s.anonymous = true;
		s.addremove = false;
		s.tab('general', _('Collectors'));
		s.tab('records', _('Flow records'));
		s.tab('times', _('Timeouts'));
		s.tab('resources', _('Resources'));
		general(s);
		records(s);
		times(s);
		resources(s);

		return m.render();
	}
});
