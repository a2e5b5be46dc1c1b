/**
 * Counts durations in microseconds into fixed buckets, as HdrHistogram does: every power of two is cut into 128, so a quantile is within
 * 0.8 % of the true one, and recording allocates nothing.
 */
const PRECISION_BITS = 7;
const SLICES = 1 << PRECISION_BITS;
/** Up to 2^31 µs: 35 minutes. */
const BUCKETS = (32 - PRECISION_BITS) * SLICES;
const LONGEST = 2 ** 31 - 1;

export class LatencyHistogram {
  counts = new Float64Array(BUCKETS);
  count = 0;
  sum = 0;
  maximum = 0;

  /** A duration in microseconds; parts of one are cut off. */
  record(microseconds) {
    const value = microseconds < 0 ? 0 : microseconds > LONGEST ? LONGEST : microseconds | 0;
    const shift = value < SLICES * 2 ? 0 : 31 - PRECISION_BITS - Math.clz32(value);
    this.counts[shift * SLICES + (value >>> shift)] += 1;
    this.count += 1;
    this.sum += value;
    if (value > this.maximum) this.maximum = value;
  }

  reset() {
    this.counts.fill(0);
    this.count = 0;
    this.sum = 0;
    this.maximum = 0;
  }

  /** The upper end of the bucket in which that share of all durations lies, in microseconds. */
  quantile(share) {
    let left = Math.max(1, Math.ceil(share * this.count));
    for (let index = 0; index < BUCKETS; index += 1) {
      left -= this.counts[index];
      if (left <= 0) return Math.min(this.maximum, upperEnd(index));
    }
    return this.maximum;
  }

  /** For the report, in milliseconds. */
  summary() {
    const ms = (microseconds) => Math.round(microseconds) / 1000;
    return {
      meanMs: ms(this.count === 0 ? 0 : this.sum / this.count),
      p50Ms: ms(this.quantile(0.5)),
      p90Ms: ms(this.quantile(0.9)),
      p99Ms: ms(this.quantile(0.99)),
      p999Ms: ms(this.quantile(0.999)),
      maxMs: ms(this.maximum),
    };
  }
}

function upperEnd(index) {
  if (index < SLICES * 2) return index;
  const shift = Math.floor(index / SLICES) - 1;
  return (index - shift * SLICES + 1) * 2 ** shift - 1;
}
