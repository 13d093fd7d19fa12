import { expect, test } from 'vitest';
import { parseView } from '../../state/view.js';
import { embedCode } from './embed.js';

test('the code shows the view, live, beside where the pages are', () => {
  const view = parseView('?page=map&at=1800000000000&cam=12.00/52.00000/13.00000&pick=a|n|b&layers=x.dim&kind=graph');
  const code = embedCode(view, 'https://mesh.example/weir/?page=map');
  expect(code).toContain('src="https://mesh.example/weir/?page=map&amp;');
  const address = /src="([^"]+)"/.exec(code)![1]!.replace(/&amp;/g, '&');
  expect(parseView(new URL(address).search)).toEqual({ ...view, at: '', pick: '', embed: '1' });
});
