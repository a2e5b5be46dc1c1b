/** Tensor data types of the Open Inference Protocol, version 2: what their elements are, as bytes and as values. */

/** A tensor, or what says of it what it is, that cannot be read or written. The message never repeats an element. */
export class TensorFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TensorFault';
  }
}

/** Bytes of one element; BYTES elements have a length of their own. */
const ELEMENT_BYTES = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: null,
} as const;

export type Datatype = keyof typeof ELEMENT_BYTES;
export type NumericDatatype = Exclude<Datatype, 'BYTES'>;

export const DATATYPES = Object.keys(ELEMENT_BYTES) as readonly Datatype[];

export function isDatatype(name: unknown): name is Datatype {
  return typeof name === 'string' && Object.hasOwn(ELEMENT_BYTES, name);
}

export function elementBytes(datatype: NumericDatatype): number {
  return ELEMENT_BYTES[datatype];
}

/**
 * Smallest and largest value of the whole numbers. Those of 64 bits end where a double does not tell one from the next: a
 * value beyond would silently become another.
 */
const INTEGER_RANGES: Partial<Record<Datatype, readonly [minimum: number, maximum: number]>> = {
  UINT8: [0, 0xff],
  UINT16: [0, 0xffff],
  UINT32: [0, 0xffff_ffff],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT8: [-0x80, 0x7f],
  INT16: [-0x8000, 0x7fff],
  INT32: [-0x8000_0000, 0x7fff_ffff],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** Whether the value is one of the type's, but for the rounding of FP16 and FP32. */
export function holds(datatype: NumericDatatype, value: number): boolean {
  if (datatype === 'BOOL') return value === 0 || value === 1;
  const range = INTEGER_RANGES[datatype];
  return !range || (Number.isInteger(value) && value >= range[0] && value <= range[1]);
}

const LARGEST_HALF = 65_504;
/** Of subnormal halves, and the least of the normal ones. */
const HALF_STEP = 2 ** -24;
const LEAST_NORMAL_HALF = 2 ** -14;

/** IEEE 754 binary16 as a number. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * HALF_STEP;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** The nearest binary16, ties to even; beyond the largest one, infinity. */
export function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  // Halfway to what would come after the largest one, and from there on.
  if (magnitude >= LARGEST_HALF + 16) return sign | 0x7c00;
  if (magnitude < LEAST_NORMAL_HALF) return sign | roundToEven(magnitude / HALF_STEP);
  let exponent = Math.floor(Math.log2(magnitude));
  // log2 may round up to a power that is not reached, or down from one that is.
  if (2 ** exponent > magnitude) exponent -= 1;
  else if (2 ** (exponent + 1) <= magnitude) exponent += 1;
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + roundToEven((magnitude / 2 ** exponent - 1) * 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
