// What a wire between layers says of the shape of what flows, as long as there is room between its boxes.

const LETTER = 5.8; // pixels, at the size in which shapes are written
const ASIDE = 8; // pixels that stay free between the words and both boxes together

/** "any number of steps x 16", or shorter where its ends are so near that the boxes would cover it. */
export function shapeWords(shape: string, from: number, to: number): string {
  const room = to > from ? to - from - ASIDE : Number.POSITIVE_INFINITY; // a wire back runs around the boxes
  return shape.length * LETTER <= room ? shape : shape.replace("any number of steps", "steps");
}
