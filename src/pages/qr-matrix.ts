/**
 * QR codes (ISO/IEC 18004) of ASCII texts: byte mode, error correction level L, always mask 0.
 *
 * A complete library weighs four times as much. Scanners read any mask; the standard would choose
 * the one with the most even picture. `test/pages/qr-matrix.test.ts` compares it with a library.
 */

/** The error correction codewords of a block, and the number of blocks, by version (table 9). */
const ECC = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30,
];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15];

/** Level L with mask 0, and its error correction (§7.9). */
const FORMAT = 0b111011111000100;

interface Layout {
  version: number;
  size: number;
  /** Where the alignment patterns are, on both axes. */
  alignment: number[];
  ecc: number;
  blocks: number;
  /** Of data and error correction. */
  codewords: number;
}

function layoutOf(version: number): Layout {
  const size = version * 4 + 17;
  const count = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const alignment = Array.from({ length: count }, (_, n) => (n === 0 ? 6 : size - 7 - (count - 1 - n) * step));
  const patterns = count === 0 ? 0 : (25 * count - 10) * count - 55;
  const modules = (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0);
  const [ecc = 0, blocks = 0] = [ECC[version - 1], BLOCKS[version - 1]];
  return { version, size, alignment, ecc, blocks, codewords: modules >> 3 };
}

/** Returns the rows of the code of a text, without a quiet zone: `true` is dark. */
export function qrMatrix(text: string): boolean[][] {
  const bytes = [...Buffer.from(text)];
  const layout = ECC.map((_, n) => layoutOf(n + 1)).find(
    ({ version, codewords, ecc, blocks }) => bytes.length + (version < 10 ? 2 : 3) <= codewords - ecc * blocks,
  );
  if (!layout) throw new RangeError("The text is too long for a QR code.");
  const grid = patternsOf(layout);
  fillIn(grid, withEcc(dataOf(bytes, layout), layout));
  return grid.map((row) => row.map(Boolean));
}

/** The mode, the length and the bytes, filled up (§7.4). */
function dataOf(bytes: number[], { version, codewords, ecc, blocks }: Layout): number[] {
  const nibbles = [4, ...(version < 10 ? [] : [bytes.length >> 12, (bytes.length >> 8) & 15])];
  for (const byte of [bytes.length & 255, ...bytes]) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  const data = Array.from({ length: nibbles.length / 2 }, (_, n) => (at(nibbles, 2 * n) << 4) | at(nibbles, 2 * n + 1));
  while (data.length < codewords - ecc * blocks) data.push(0xec, 0x11);
  return data.slice(0, codewords - ecc * blocks);
}

/** Splits the data into blocks with their error correction, and interleaves them (§7.5, §7.6). */
function withEcc(data: number[], { codewords, ecc, blocks }: Layout): number[] {
  const short = Math.floor(codewords / blocks) - ecc;
  const longBlocks = codewords % blocks;
  const divisor = divisorOf(ecc);
  let from = 0;
  const parts = Array.from({ length: blocks }, (_, n) => {
    const part = data.slice(from, from + short + (n < blocks - longBlocks ? 0 : 1));
    from += part.length;
    return { part, rest: remainderOf(part, divisor) };
  });
  const interleaved = (columns: number[][]) =>
    Array.from({ length: short + 1 + ecc }, (_, n) => columns.flatMap((column) => column.slice(n, n + 1))).flat();
  return [...interleaved(parts.map(({ part }) => part)), ...interleaved(parts.map(({ rest }) => rest))];
}

/** Multiplies in GF(2^8), modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(x: number, y: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((y >> bit) & 1) * x);
  return product;
}

/** The generator of the error correction of this length, without its first coefficient. */
function divisorOf(degree: number): number[] {
  let result = [...Array(degree - 1).fill(0), 1] as number[];
  for (let n = 0, root = 1; n < degree; n++, root = multiply(root, 2))
    result = result.map((value, k) => multiply(value, root) ^ (result[k + 1] ?? 0));
  return result;
}

const remainderOf = (data: number[], divisor: number[]) =>
  data.reduce(
    (rest, byte) => {
      const factor = byte ^ at(rest, 0);
      return divisor.map((value, n) => (rest[n + 1] ?? 0) ^ multiply(value, factor));
    },
    divisor.map(() => 0),
  );

type Grid = (boolean | undefined)[][];

/** Draws all that is not data. What is undefined then is for the data. */
function patternsOf({ version, size, alignment }: Layout): Grid {
  const grid: Grid = Array.from({ length: size }, () => Array(size).fill(undefined));
  const set = (x: number, y: number, isDark: boolean) => {
    const row = grid[y];
    if (row && x >= 0 && x < size) row[x] = isDark;
  };
  const square = (x: number, y: number, radius: number, light: number[]) => {
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++)
        set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  for (let n = 0; n < size; n++) {
    set(6, n, n % 2 === 0);
    set(n, 6, n % 2 === 0);
  }
  const last = size - 7;
  for (const x of alignment)
    for (const y of alignment)
      if (!(x === 6 && (y === 6 || y === last)) && !(x === last && y === 6)) square(x, y, 2, [1]);
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, [2, 4]);
  for (let n = 0; n < 15; n++) {
    const isDark = ((FORMAT >> n) & 1) === 1;
    // Around the first finder pattern, without the timing patterns; and beside the other two.
    if (n < 8) set(8, n < 6 ? n : n + 1, isDark);
    else set(n === 8 ? 7 : 14 - n, 8, isDark);
    if (n < 8) set(size - 1 - n, 8, isDark);
    else set(8, size - 15 + n, isDark);
  }
  set(8, size - 8, true);
  if (version >= 7) {
    let rest = version;
    for (let n = 0; n < 12; n++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let n = 0; n < 18; n++) {
      const isDark = ((bits >> n) & 1) === 1;
      set(size - 11 + (n % 3), Math.floor(n / 3), isDark);
      set(Math.floor(n / 3), size - 11 + (n % 3), isDark);
    }
  }
  return grid;
}

/** Writes the codewords in pairs of columns, up and down from the right, masked (§7.7.3). */
function fillIn(grid: Grid, codewords: number[]) {
  const size = grid.length;
  let n = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let step = 0; step < size; step++) {
      const y = (right + 1) & 2 ? step : size - 1 - step;
      for (const x of [right, right - 1]) {
        const row = grid[y] ?? [];
        if (row[x] !== undefined) continue;
        const bit = ((codewords[n >> 3] ?? 0) >> (7 - (n & 7))) & 1;
        row[x] = (bit === 1) !== ((x + y) % 2 === 0);
        n++;
      }
    }
  }
}

const at = (list: number[], n: number): number => list[n] ?? 0;
