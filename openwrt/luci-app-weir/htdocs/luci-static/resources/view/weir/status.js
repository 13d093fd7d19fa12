'use strict';
'require view';
'require poll';
'require dom';
'require uci';
'require weir.chart as chart';
'require weir.counting as counting';
'require weir.facts as facts';

const INTERVAL = 5;
/* Five minutes. */
const VALUES = 61;
const ROWS = 25;

function rate(bits) {
	return bits === null ? '-' : '%1000.2mbit/s'.format(bits);
}

function cell(content, right) {
	return E('td', { 'class': 'td' + (right ? ' right' : '') }, [ content ]);
}

function table(name, titles, rows, empty) {
	const right = function(i) { return titles[i][1] ? ' right' : ''; };

	return E('table', { 'class': 'table', 'data-weir': name }, [
		E('tr', { 'class': 'tr table-titles' }, titles.map(function(title, i) {
			return E('th', { 'class': 'th' + right(i) }, [ title[0] ]);
		}))
	].concat(rows.length > 0 ? rows.map(function(row) {
		return E('tr', { 'class': 'tr' }, row.map(function(content, i) { return cell(content, titles[i][1]); }));
	}) : [ E('tr', { 'class': 'tr placeholder' }, [ E('td', { 'class': 'td', 'colspan': titles.length }, [ E('em', [ empty ]) ]) ]) ]));
}

return view.extend({
	before: { octets: null, time: 0, status: null },
	exported: null,
	throughputs: [],

	load: function() {
		return Promise.all([ facts.connections(), facts.status(), facts.running(), L.resolveDefault(uci.load('weir')) ]);
	},

	sums: function(now, status) {
		const lost = status ? status.notSentFlowTotalCount : null;
		const rows = [
			[ 'live', _('Live flows'), '%d'.format(now.flows.length) ],
			[ 'throughput', _('Throughput'), rate(now.throughput) ],
			[ 'records', _('Exported'), this.exported ?
				_('%s records a second, %s').format(this.exported.records.toFixed(1), rate(this.exported.bits)) : '-' ],
			[ 'table', _('In the probe\'s flow table'), status ?
				_('%d of %d').format(status.flowTableEntryCount, status.flowTableCapacity) : '-' ],
			[ 'lost', _('Flows lost since the start'), lost === null ? '-' : '%d'.format(lost) ]
		];

		return E('table', { 'class': 'table' }, rows.map(function(row) {
			return E('tr', { 'class': 'tr' }, [
				E('td', { 'class': 'td left', 'width': '33%' }, [ row[1] ]),
				E('td', { 'class': 'td left', 'data-weir': row[0] }, [ row[2] ])
			]);
		}));
	},

	peak: function() {
		return _('Throughput of the last five minutes: at most %s').format(rate(Math.max.apply(null, this.throughputs.concat(0))));
	},

	collectors: function(status) {
		return table('collectors', [
			[ _('Collector') ], [ _('State') ], [ _('Flow records'), true ], [ _('Octets'), true ], [ _('Not sent'), true ]
		], (status ? status.collectors || [] : []).map(function(collector) {
			return [
				collector.url,
				collector.away ? E('strong', [ _('not reachable') ]) : _('takes flows'),
				'%d'.format(collector.flowRecords),
				'%1024.2mB'.format(collector.octets),
				'%d'.format(collector.unsentRecords)
			];
		}), _('The probe tells of no collector.'));
	},

	flows: function(now) {
		return table('flows', [
			[ _('Protocol') ], [ _('Source') ], [ _('Destination') ], [ _('Throughput'), true ], [ _('Octets'), true ], [ _('Packets'), true ]
		], now.flows.slice(0, ROWS).map(function(flow) {
			return [
				flow.protocol, flow.source, flow.destination, rate(flow.rate), '%1024.2mB'.format(flow.octets), '%d'.format(flow.packets)
			];
		}), _('The kernel tracks no connection.'));
	},

	notice: function(running, status) {
		const probe = uci.sections('weir', 'probe')[0] || {};

		if (running && status)
			return [];

		return E('div', { 'class': 'alert-message warning', 'data-weir': 'notice' }, [
			E('p', [ probe.enabled !== '1' ? _('The probe is switched off.') : running ? _('The probe starts.') : _('The probe does not run.') ]),
			E('p', [ E('a', { 'href': L.url('admin/services/weir') }, [ _('Settings') ]), ' · ',
				E('a', { 'href': L.url('admin/status/weir/findings') }, [ _('Findings') ]) ])
		]);
	},

	/* What was read becomes what is shown; rates are since the call before. */
	contents: function(read) {
		const time = Date.now() / 1000;
		const running = read[2], status = running ? read[1] : null;
		const now = counting.flows(read[0], this.before.octets, time - this.before.time);

		// The file is written every few seconds: between two of its writings the last rate stands.
		this.exported = status ? counting.exported(status, this.before.status) || this.exported : null;
		this.before = { octets: now.octets, time: time, status: status };

		if (now.throughput !== null)
			this.throughputs = this.throughputs.concat(now.throughput).slice(-VALUES);

		return [
			E([], this.notice(running, status)),
			E('div', { 'class': 'cbi-section' }, [
				this.sums(now, status),
				chart.draw(this.throughputs, VALUES, this.peak())
			]),
			E('div', { 'class': 'cbi-section' }, [ E('h3', [ _('Collectors') ]), this.collectors(status) ]),
			E('div', { 'class': 'cbi-section' }, [ E('h3', [ _('Fastest flows') ]), this.flows(now) ])
		];
	},

	render: function(read) {
		const shown = E('div', {}, this.contents(read));

		poll.add(L.bind(function() {
			return this.load().then(L.bind(function(next) { dom.content(shown, this.contents(next)); }, this));
		}, this), INTERVAL);

		return E([], [
			E('h2', [ _('Live Flows') ]),
			E('p', { 'class': 'cbi-map-descr' }, [ _('Connections as the kernel counts them, and what the probe exports of them.') ]),
			shown
		]);
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
