import { apiUrl } from '../../api/client.js';
import { spanOf, type View } from '../../state/view.js';

/** Where the report that a View asks for is had, as a page. @param now milliseconds since the epoch */
export function reportUrl(
  view: Pick<View, 'from' | 'to' | 'filter' | 'net' | 'period'>,
  language: string,
  timezone: string,
  now: number,
): string {
  const { filter, net: network, period } = view;
  const common = { filter, network, language, timezone };
  if (period !== 'span') return apiUrl('report', { period: period || 'week', ...common });
  const { from, to, live } = spanOf(view, now);
  return apiUrl('report', { from: Math.floor(from), ...(!live && { to: Math.ceil(to) }), ...common });
}
