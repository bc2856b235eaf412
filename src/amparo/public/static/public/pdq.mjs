// PDQ in a browser, or anywhere that has WebAssembly with 128-bit vectors. Nothing leaves the page.

/**
 * Return a function that hashes pictures, from the bytes of pdq.wasm.
 *
 * It takes pixels side by side (1, 3 or 4 bytes each) and returns { hash, quality }: 64 letters of hexadecimal, and
 * 0 to 100, both equal to the server's for the same pixels. Its `ofRows` takes RGBA some rows at a time, from an
 * iterable, so that no second copy of a large picture is needed. Throws RangeError for what is no picture, or too large.
 */
export async function pdqFrom(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes);
  const { memory, pdq_hash, pdq_pixels, pdq_quality } = instance.exports;
  const hashed = (pieces, width, height, channels) => {
    let place = Number.isInteger(channels) ? pdq_pixels(height, width, channels) >>> 0 : 0;
    if (place === 0) throw new RangeError("This is no picture of 1, 3 or 4 bytes a pixel, or it is too large.");
    for (const piece of pieces) {
      new Uint8Array(memory.buffer).set(piece, place);
      place += piece.length;
    }
    const quality = pdq_quality(height, width, channels);
    if (quality < 0) throw new RangeError("There is not enough memory for this picture.");
    const hash = new Uint8Array(memory.buffer, pdq_hash(), 32);
    return { hash: Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(""), quality };
  };
  const pdq = (pixels, width, height) => hashed([pixels], width, height, pixels.length / (width * height));
  pdq.ofRows = (rows, width, height) => hashed(rows, width, height, 4);
  return pdq;
}
