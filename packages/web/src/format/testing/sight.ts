// How colours look, also to those who do not see all of them: for tests of palettes.

/** The parts of a colour as light has them: linear. */
export function linear(colour: string): number[] {
  return [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

/** How much of each part the others see as the first, second and third (Machado, Oliveira and Fernandes 2009, complete). */
export const SIGHTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopes: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopes: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Lightness and two opponent colours: distances in them are as they look (Oklab). */
function seen(colour: string, sight: string): number[] {
  const light = linear(colour);
  const [r, g, b] = SIGHTS[sight]!.map(row =>
    Math.max(
      0,
      row.reduce((sum, part, i) => sum + part * light[i]!, 0),
    ),
  );
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** How different two colours look. */
export const apart = (a: string, b: string, sight: string): number =>
  Math.hypot(...seen(a, sight).map((value, i) => value - seen(b, sight)[i]!));
