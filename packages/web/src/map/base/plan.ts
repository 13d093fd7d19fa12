/** Pixels of the longer side: fine enough for a drawing in SVG, and what every graphics card takes. */
const SIDE = { least: 2048, most: 4096 } as const;
const SCHEME = 'plan://';

/** The address under which MapLibre gets a picture from `drawPlan`. */
export const planUrl = (url: string): string => SCHEME + new URL(url, location.href).href;

/** A picture, drawn by the browser: MapLibre decodes pictures itself, by means that know no SVG. */
export async function drawPlan({ url }: { url: string }): Promise<{ data: ImageBitmap }> {
  const image = new Image();
  image.src = url.slice(SCHEME.length);
  await image.decode();
  const [width, height] = [image.naturalWidth || SIDE.least, image.naturalHeight || SIDE.least];
  const longer = Math.max(width, height);
  const scale = Math.min(Math.max(longer, SIDE.least), SIDE.most) / longer;
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return { data: canvas.transferToImageBitmap() };
}
