'use strict';
'require baseclass';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 80;

function element(name, attributes) {
	const made = document.createElementNS(NAMESPACE, name);

	Object.keys(attributes).forEach(function(each) { made.setAttribute(each, attributes[each]); });

	return made;
}

return baseclass.extend({
	/* A line of values over time, the newest at the right end, and below it a label. room: how many values there are room for. */
	draw: function(values, room, label) {
		const drawing = element('svg', {
			'viewBox': '0 0 %d %d'.format(WIDTH, HEIGHT), 'preserveAspectRatio': 'none', 'role': 'img', 'aria-label': label,
			'style': 'width:100%;height:80px;display:block'
		});
		const largest = Math.max.apply(null, values.concat(1));
		const points = values.map(function(value, i) {
			const x = WIDTH - (values.length - 1 - i) * WIDTH / (room - 1);

			return x.toFixed(1) + ',' + (HEIGHT - 2 - value / largest * (HEIGHT - 4)).toFixed(1);
		});

		if (points.length > 1) {
			const left = points[0].split(',')[0];

			drawing.appendChild(element('polygon', {
				'points': [ left + ',' + HEIGHT ].concat(points, WIDTH + ',' + HEIGHT).join(' '),
				'fill': 'currentColor', 'fill-opacity': '0.12'
			}));
			drawing.appendChild(element('polyline', {
				'points': points.join(' '), 'fill': 'none', 'stroke': 'currentColor', 'stroke-width': '1.5', 'vector-effect': 'non-scaling-stroke'
			}));
		}

		return E('figure', { 'style': 'margin:1em 0' }, [ drawing, E('figcaption', [ E('small', [ label ]) ]) ]);
	}
});
