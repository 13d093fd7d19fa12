import type { Page } from 'playwright-core';

/** Red, green and blue, 0 to 255. */
export type Pixel = readonly [number, number, number];

/** A picture that can be asked for its pixels, from the left and from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): Pixel;
}

/** Decodes a picture, by a browser's page, any but one with a policy: browsers know the formats. */
export async function pictureOf(reader: Page, png: Buffer): Promise<Picture> {
  const { width, height, data } = await reader.evaluate<{ width: number; height: number; data: number[] }>(
    `new Promise(done => {
      const image = new Image();
      image.onload = () => {
        const { width, height } = image;
        const canvas = new OffscreenCanvas(width, height).getContext('2d');
        canvas.drawImage(image, 0, 0);
        done({ width, height, data: [...canvas.getImageData(0, 0, width, height).data] });
      };
      image.src = 'data:image/png;base64,${png.toString('base64')}';
    })`,
  );
  const at = (x: number, y: number): Pixel => {
    const place = 4 * (y * width + x);
    return [data[place]!, data[place + 1]!, data[place + 2]!];
  };
  return { width, height, at };
}
