import { qrMatrix } from "./qr-matrix.ts";

/** What a reader needs around the code (ISO/IEC 18004 §6.3.8), in modules. */
const QUIET_ZONE = 4;

/**
 * A QR code as SVG. It is black on white in dark mode too, because many apps cannot read an
 * inverted one.
 */
export function QrCode({ text, label }: { text: string; label: string }) {
  const matrix = qrMatrix(text);
  const modules = matrix.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const size = matrix.length + 2 * QUIET_ZONE;
  const viewBox = [-QUIET_ZONE, -QUIET_ZONE, size, size].join(" ");
  return (
    <svg class="qr" viewBox={viewBox} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M-${QUIET_ZONE}-${QUIET_ZONE}h${size}v${size}h-${size}z`} />
      <path d={modules.join("")} />
    </svg>
  );
}
