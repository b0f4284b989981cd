/** How long something took at a size. */
export interface Point {
  readonly size: number;
  /** Seconds. */
  readonly took: number;
}

/** The power of its size that a time grows with: the slope of its logarithms by least squares. */
export function exponentOf(points: readonly Point[]): number {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ took }) => Math.log(took));
  const [middleX, middleY] = [mean(xs), mean(ys)];
  const spread = sum(xs.map((x) => (x - middleX) ** 2));
  return sum(xs.map((x, at) => (x - middleX) * ((ys[at] ?? 0) - middleY))) / spread;
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
