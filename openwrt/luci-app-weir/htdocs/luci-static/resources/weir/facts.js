'use strict';
'require baseclass';
'require fs';
'require rpc';
'require uci';

const STATUS = '/var/run/weir/status.json';
const CONNTRACK = '/proc/sys/net/netfilter/nf_conntrack_';

const callServiceList = rpc.declare({
	object: 'service',
	method: 'list',
	params: [ 'name' ],
	expect: { '': {} }
});

const callConntrackList = rpc.declare({
	object: 'luci',
	method: 'getConntrackList',
	expect: { result: [] }
});

function parsed(text) {
	try {
		return JSON.parse(text);
	}
	catch (error) {
		return null;
	}
}

return baseclass.extend({
	connections: function() {
		return L.resolveDefault(callConntrackList(), []);
	},

	/* What the probe tells, null where it tells nothing. */
	status: function() {
		return L.resolveDefault(fs.read(STATUS), '').then(parsed);
	},

	running: function() {
		return L.resolveDefault(callServiceList('weir-probe'), {}).then(function(services) {
			const instances = (services['weir-probe'] || {}).instances || {};

			return Object.keys(instances).some(function(name) { return instances[name].running; });
		});
	},

	/* All that checks look at. */
	all: function() {
		return Promise.all([
			this.running(), this.status(),
			fs.trimmed(CONNTRACK + 'acct'), fs.trimmed(CONNTRACK + 'events'), fs.trimmed(CONNTRACK + 'timestamp'),
			fs.trimmed('/proc/modules'), L.resolveDefault(uci.load([ 'weir', 'firewall' ]))
		]).then(function(known) {
			const probe = uci.sections('weir', 'probe')[0] || {};
			const firewall = uci.sections('firewall', 'defaults')[0] || {};

			return {
				enabled: probe.enabled === '1',
				collectors: L.toArray(probe.collector),
				running: known[0],
				status: known[0] ? known[1] : null,
				accounting: known[2],
				events: known[3],
				timestamps: known[4],
				modules: known[5],
				hardwareOffload: firewall.flow_offloading === '1' && firewall.flow_offloading_hw === '1'
			};
		});
	}
});
