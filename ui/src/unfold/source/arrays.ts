import type { Packed } from "./shapes";

export type Numbers = Float32Array | Float64Array;

const known = new WeakMap<Packed, Numbers>();

/** The numbers of a packed array; unpacked once. */
export function numbers(packed: Packed): Numbers {
  const before = known.get(packed);
  if (before) return before;
  const text = atob(packed.data);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  const found = packed.dtype === "f8" ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer);
  known.set(packed, found);
  return found;
}

/** One row of a packed (rows, columns) array. */
export function row(packed: Packed, index: number): Numbers {
  const width = packed.shape.at(-1) ?? 1;
  return numbers(packed).subarray(index * width, (index + 1) * width);
}

/** One number; NaN where there is none. */
export function at(packed: Packed | null | undefined, index: number): number {
  return packed ? (numbers(packed)[index] ?? Number.NaN) : Number.NaN;
}

/** The greatest size among the finite numbers; never zero. */
export function greatest(...all: ArrayLike<number>[]): number {
  let found = 0;
  for (const some of all) {
    for (let k = 0; k < some.length; k++) {
      const size = Math.abs(some[k] ?? 0);
      if (size > found && size < Number.POSITIVE_INFINITY) found = size;
    }
  }
  return found || 1;
}
