/** A data point of Workers Analytics Engine. */
interface Point {
  indexes: string[];
  blobs: string[];
  doubles: number[];
}

/** A dataset that records its data points. It refuses one that the platform would not take. */
export function recordingMetrics() {
  const points: Point[] = [];
  const METRICS = {
    writeDataPoint(point: Point) {
      const { indexes, blobs, doubles, ...others } = point;
      const bytes = (texts: string[]) => new TextEncoder().encode(texts.join("")).length;
      const fits = indexes.length === 1 && bytes(indexes) <= 96 && blobs.length <= 20 && bytes(blobs) <= 16_384;
      const isTyped = blobs.every((blob) => typeof blob === "string") && doubles.every(Number.isFinite);
      if (!fits || !isTyped || doubles.length > 20 || Object.keys(others).length > 0) throw new Error("no data point");
      points.push(point);
    },
  } as AnalyticsEngineDataset;
  return {
    METRICS,
    points,
    /** The blobs of an index. */
    blobs: (index: string) => points.filter(({ indexes }) => indexes[0] === index).map(({ blobs }) => blobs),
    /** The doubles of an index. */
    doubles: (index: string) => points.filter(({ indexes }) => indexes[0] === index).map(({ doubles }) => doubles),
  };
}
