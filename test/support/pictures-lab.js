// Runs in the browser, for pictures.ts: the browser decodes, scales and encodes images.
globalThis.lab = { join, compare };

async function bitmapOf(image, type) {
  const answer = await fetch(`data:image/${type};base64,${image}`);
  return createImageBitmap(await answer.blob());
}

/** Scales screenshots and joins them side by side. Returns a WebP image in base64. */
async function join(shots, scale) {
  const bitmaps = await Promise.all(shots.map((shot) => bitmapOf(shot, "png")));
  const [width, height] = [bitmaps[0].width * scale, bitmaps[0].height * scale].map(Math.floor);
  const canvas = new OffscreenCanvas(width * bitmaps.length, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  for (const [n, bitmap] of bitmaps.entries()) context.drawImage(bitmap, n * width, 0, width, height);
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.5 });
  return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * Returns for each of the `count` pictures in two images which part of its blocks differs by more
 * than each of these levels. Null if the images have different sizes.
 */
async function compare(images, { count, block, levels }) {
  const [a, b] = await Promise.all(images.map((image) => bitmapOf(image, "webp")));
  if (a.width !== b.width || a.height !== b.height) return null;
  const width = a.width / count;
  return Array.from({ length: count }, (_, n) => {
    const [before, after] = [a, b].map((bitmap) => meansOf(bitmap, { left: n * width, width, block }));
    return levels.map((level) => {
      let blocks = 0;
      for (let at = 0; at < before.length; at += 3) {
        if ([0, 1, 2].some((k) => Math.abs(before[at + k] - after[at + k]) > level)) blocks++;
      }
      return blocks / (before.length / 3);
    });
  });
}

/** Returns the mean red, green and blue of each block of a part of an image, in one list. */
function meansOf(bitmap, { left, width, block }) {
  const context = new OffscreenCanvas(width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, -left, 0);
  const [columns, rows] = [width, bitmap.height].map((size) => Math.floor(size / block));
  const { data } = context.getImageData(0, 0, columns * block, rows * block);
  const means = new Float64Array(columns * rows * 3);
  for (let y = 0, at = 0; y < rows * block; y++) {
    const row = Math.floor(y / block) * columns;
    for (let x = 0; x < columns * block; x++, at += 4) {
      const mean = (row + Math.floor(x / block)) * 3;
      for (let k = 0; k < 3; k++) means[mean + k] += data[at + k] / block ** 2;
    }
  }
  return means;
}
