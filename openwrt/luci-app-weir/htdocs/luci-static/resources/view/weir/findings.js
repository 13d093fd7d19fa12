'use strict';
'require view';
'require weir.checks as checks';
'require weir.facts as facts';

const CLASSES = { error: 'danger', warning: 'warning', info: 'notice' };

return view.extend({
	load: function() {
		return facts.all();
	},

	render: function(known) {
		const found = checks.findings(known);

		return E([], [
			E('h2', [ _('Findings') ]),
			E('p', { 'class': 'cbi-map-descr' }, [ _('What stands in the way of metering and exporting, and what to do about it.') ]),
			E('div', { 'class': 'cbi-section', 'data-weir': 'findings' }, found.length > 0 ? found.map(function(finding) {
				return E('div', { 'class': 'alert-message ' + CLASSES[finding.level], 'data-level': finding.level }, [
					E('h4', [ finding.title ]),
					E('p', [ finding.text ])
				]);
			}) : E('p', { 'class': 'alert-message success' }, [ _('Nothing: everything is as it should be.') ]))
		]);
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
