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
    const differences = before.map((mean, at) => Math.max(...mean.map((value, k) => Math.abs(value - after[at][k]))));
    return levels.map((level) => differences.filter((value) => value > level).length / differences.length);
  });
}

/** Returns the mean color of each block of a part of an image. */
function meansOf(bitmap, { left, width, block }) {
  const context = new OffscreenCanvas(width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, -left, 0);
  const [columns, rows] = [width, bitmap.height].map((size) => Math.floor(size / block));
  const { data } = context.getImageData(0, 0, columns * block, rows * block);
  const means = Array.from({ length: columns * rows }, () => [0, 0, 0]);
  for (let at = 0; at < data.length; at++) {
    if (at % 4 === 3) continue;
    const pixel = Math.floor(at / 4);
    const [x, y] = [pixel % (columns * block), Math.floor(pixel / (columns * block))];
    means[Math.floor(y / block) * columns + Math.floor(x / block)][at % 4] += data[at] / block ** 2;
  }
  return means;
}
