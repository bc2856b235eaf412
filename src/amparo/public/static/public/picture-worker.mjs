// Makes the code of a picture in a thread that cannot reach any network: the door serves this file with a rule
// (Content-Security-Policy) under which the browser lets it load the two scripts it is made of and nothing else.
//
// It is sent { wasm, file } and answers { hash, quality }, or { trouble: "unreadable" | "too_large" }.
import { pdqFrom } from "./pdq.mjs";

// A canvas of some rows at a time. A whole photo of today is larger than the canvas of some phones.
const ROWS_AT_ONCE = 128;

// What the file says about turning is done, as a viewer does it. Its colours are taken as they are stored, because the
// server takes them so: a colour profile would move bits.
const AS_IT_IS = { imageOrientation: "from-image", colorSpaceConversion: "none", premultiplyAlpha: "none" };

function* rowsOf(picture) {
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, Math.min(ROWS_AT_ONCE, height));
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  for (let top = 0; top < height; top += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, height - top);
    drawn.clearRect(0, 0, width, rows);
    drawn.drawImage(picture, 0, top, width, rows, 0, 0, width, rows);
    yield drawn.getImageData(0, 0, width, rows).data;
  }
}

async function codeOf(wasm, file) {
  let picture;
  try {
    picture = await createImageBitmap(file, AS_IT_IS);
  } catch {
    return { trouble: "unreadable" };
  }
  try {
    const pdq = await pdqFrom(wasm);
    return pdq.ofRows(rowsOf(picture), picture.width, picture.height);
  } catch (error) {
    if (error instanceof RangeError) return { trouble: "too_large" };
    throw error;
  } finally {
    picture.close();
  }
}

addEventListener("message", async ({ data }) => postMessage(await codeOf(data.wasm, data.file)));
