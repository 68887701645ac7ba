import { encode } from "uqr";

/** What a reader needs around the code (ISO/IEC 18004 §6.3.8), in modules. */
const QUIET_ZONE = 4;

/**
 * A QR code as SVG. It is black on white in dark mode too, because many apps cannot read an
 * inverted one.
 */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  const modules = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} />
      <path d={modules.join("")} />
    </svg>
  );
}
