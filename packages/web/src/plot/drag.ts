import type uPlot from 'uplot';

/** Pixels that a pointer may tremble. */
const STILL = 4;

/**
 * Choosing a span by pointer: a mouse, a pen or a finger drawn across the plot. uPlot has this for mice alone.
 * `begun` hears of a drag, `chose` of the times that it covered in seconds, or of none where it came to nothing.
 */
export function onDrag(u: uPlot, begun: () => void, chose: (times?: [from: number, to: number]) => void): void {
  const { over } = u;
  let first: number | undefined;
  let dragging = false;
  const placeOf = (event: PointerEvent): number =>
    Math.min(Math.max(0, event.clientX - over.getBoundingClientRect().left), over.clientWidth);

  over.style.touchAction = 'pan-y';
  over.addEventListener('pointerdown', event => {
    if (event.button === 0 && event.isPrimary) first = placeOf(event);
  });
  over.addEventListener('pointermove', event => {
    const place = placeOf(event);
    if (event.pointerType !== 'mouse') u.setCursor({ left: place, top: 1 });
    if (first === undefined) return;
    if (!dragging && Math.abs(place - first) > STILL) {
      dragging = true;
      over.setPointerCapture(event.pointerId);
      begun();
    }
    if (dragging) showChosen(u, first, place);
  });
  const end = (event: PointerEvent): void => {
    const from = first;
    first = undefined;
    if (!dragging || from === undefined) return;
    dragging = false;
    hideChosen(u);
    const [left, right] = [from, placeOf(event)].sort((a, b) => a - b) as [number, number];
    chose(event.type === 'pointerup' ? [u.posToVal(left, 'x'), u.posToVal(right, 'x')] : undefined);
  };
  over.addEventListener('pointerup', end);
  over.addEventListener('pointercancel', end);
}

/** Marks what lies between two places, in pixels from the left of the plot. */
export function showChosen(u: uPlot, one: number, other: number): void {
  const left = Math.min(one, other);
  u.setSelect({ left, top: 0, width: Math.abs(one - other), height: u.over.clientHeight }, false);
}

export function hideChosen(u: uPlot): void {
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
