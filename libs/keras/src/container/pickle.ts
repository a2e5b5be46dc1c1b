/**
 * Python's pickles, read as data. A pickle is a program for a small stack machine that may call any function of Python:
 * here nothing is ever looked up or called. What a pickle would call becomes a `PickledObject` that only says so.
 * Opcodes: Python's `pickletools`; protocols 2 to 4, and of them what NumPy and Keras write.
 */
import { KerasImportError } from '../errors.js';

/** A class or function by its name, `numpy.ndarray`. */
export class PickledName {
  constructor(readonly name: string) {}
}

/** What calling `callable` with `args` would have made, and the state that it would have been given. */
export class PickledObject {
  state: PickledValue = null;

  constructor(
    readonly callable: PickledValue,
    readonly args: PickledValue,
  ) {}
}

export type PickledValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickledValue[]
  | Map<PickledValue, PickledValue>
  | PickledName
  | PickledObject;

/** The value of one pickle. Throws `corrupt-npz` for what it does not read, and for more than `maxSteps` opcodes. */
export function readPickle(bytes: Uint8Array, maxSteps: number): PickledValue {
  return new PickleMachine(bytes, maxSteps).run();
}

/** A place in the stack where items of a tuple, list or dictionary begin. */
const mark = Symbol('mark');

class PickleMachine {
  private readonly view: DataView;
  private readonly text = new TextDecoder();
  private readonly stack: (PickledValue | typeof mark)[] = [];
  private readonly memo: PickledValue[] = [];
  private offset = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly maxSteps: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): PickledValue {
    for (let step = 0; step < this.maxSteps; step++) {
      const opcode = String.fromCharCode(this.uint8());
      if (opcode === '.') return this.pop();
      this.carryOut(opcode);
    }
    throw new KerasImportError('too-large', `A pickle among the weights has more than ${this.maxSteps} steps.`);
  }

  private carryOut(opcode: string): void {
    const constant = constants.get(opcode);
    if (constant) return this.push(constant());
    switch (opcode) {
      case '\x80': // PROTO
        this.take(1);
        return;
      case '\x95': // FRAME
        this.take(8);
        return;
      case 'K': // BININT1
        return this.push(this.uint8());
      case 'M': // BININT2
        return this.push(this.read(2, (at) => this.view.getUint16(at, true)));
      case 'J': // BININT
        return this.push(this.read(4, (at) => this.view.getInt32(at, true)));
      case '\x8a': // LONG1
        return this.push(this.long(this.uint8()));
      case 'G': // BINFLOAT
        return this.push(this.read(8, (at) => this.view.getFloat64(at)));
      case '\x8c': // SHORT_BINUNICODE
        return this.push(this.text.decode(this.take(this.uint8())));
      case 'X': // BINUNICODE
        return this.push(this.text.decode(this.take(this.uint32())));
      case 'C': // SHORT_BINBYTES
        return this.push(this.take(this.uint8()));
      case 'B': // BINBYTES
        return this.push(this.take(this.uint32()));
      case '\x8e': // BINBYTES8
        return this.push(this.take(this.uint64()));
      case 'c': // GLOBAL
        return this.push(new PickledName(`${this.line()}.${this.line()}`));
      case '\x93': {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw unreadable();
        return this.push(new PickledName(`${module}.${name}`));
      }
      case '(':
        this.stack.push(mark);
        return;
      default:
        return this.compose(opcode);
    }
  }

  /** Opcodes that make something of what stands on the stack. */
  private compose(opcode: string): void {
    switch (opcode) {
      case '\x85': // TUPLE1
        return this.push(this.popMany(1));
      case '\x86': // TUPLE2
        return this.push(this.popMany(2));
      case '\x87': // TUPLE3
        return this.push(this.popMany(3));
      case 't': // TUPLE
        return this.push(this.popToMark());
      case 'a': // APPEND
        return this.extend([this.pop()]);
      case 'e': // APPENDS
        return this.extend(this.popToMark());
      case 's': // SETITEM
        return this.setItems(this.popMany(2));
      case 'u': // SETITEMS
        return this.setItems(this.popToMark());
      case 'R': // REDUCE
      case '\x81': {
        // NEWOBJ
        const args = this.pop();
        return this.push(new PickledObject(this.pop(), args));
      }
      case 'b': {
        // BUILD
        const state = this.pop();
        const object = this.top();
        if (!(object instanceof PickledObject)) throw unreadable();
        object.state = state;
        return;
      }
      case '\x94': // MEMOIZE
        this.memo.push(this.top());
        return;
      case 'q': // BINPUT
        return this.remember(this.uint8());
      case 'r': // LONG_BINPUT
        return this.remember(this.uint32());
      case 'h': // BINGET
        return this.push(this.remembered(this.uint8()));
      case 'j': // LONG_BINGET
        return this.push(this.remembered(this.uint32()));
      default:
        throw unreadable();
    }
  }

  private push(value: PickledValue): void {
    this.stack.push(value);
  }

  private pop(): PickledValue {
    const value = this.stack.pop();
    if (value === undefined || value === mark) throw unreadable();
    return value;
  }

  private top(): PickledValue {
    const value = this.stack.at(-1);
    if (value === undefined || value === mark) throw unreadable();
    return value;
  }

  private popMany(count: number): PickledValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickledValue[] {
    const start = this.stack.lastIndexOf(mark);
    if (start === -1) throw unreadable();
    const [, ...values] = this.stack.splice(start);
    return values as PickledValue[];
  }

  private extend(items: readonly PickledValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw unreadable();
    for (const item of items) list.push(item);
  }

  private setItems(items: readonly PickledValue[]): void {
    const map = this.top();
    if (!(map instanceof Map) || items.length % 2 !== 0) throw unreadable();
    for (let index = 0; index < items.length; index += 2)
      map.set(items[index] as PickledValue, items[index + 1] as PickledValue);
  }

  /** Pickles number what they remember from 0, without gaps. */
  private remember(index: number): void {
    if (index > this.memo.length) throw unreadable();
    this.memo[index] = this.top();
  }

  private remembered(index: number): PickledValue {
    const value = this.memo[index];
    if (value === undefined) throw unreadable();
    return value;
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.offset) throw unreadable();
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  private read(length: number, readAt: (offset: number) => number): number {
    this.take(length);
    return readAt(this.offset - length);
  }

  private uint8(): number {
    return this.read(1, (at) => this.view.getUint8(at));
  }

  private uint32(): number {
    return this.read(4, (at) => this.view.getUint32(at, true));
  }

  private uint64(): number {
    return this.read(8, (at) => Number(this.view.getBigUint64(at, true)));
  }

  /** Little-endian two's complement of so many bytes; larger ones than a number holds stand for nothing here. */
  private long(length: number): number {
    const digits = this.take(length);
    if (length > 6) throw unreadable();
    const unsigned = digits.reduceRight((value, digit) => value * 256 + digit, 0);
    return (digits.at(-1) ?? 0) >= 128 ? unsigned - 256 ** length : unsigned;
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.offset);
    if (end === -1) throw unreadable();
    const line = this.text.decode(this.take(end - this.offset));
    this.take(1);
    return line;
  }
}

const constants = new Map<string, () => PickledValue>([
  ['N', () => null],
  ['\x88', () => true],
  ['\x89', () => false],
  [')', () => []],
  [']', () => []],
  ['}', () => new Map()],
  // EMPTY_SET
  ['\x8f', () => []],
]);

function unreadable(): KerasImportError {
  return corruptNpz('it is pickled in a way that Keras does not use');
}

/** The refusal of weights in .npz that are not read. */
export function corruptNpz(detail: string): KerasImportError {
  const message = `model.weights.npz cannot be read (${detail}); install h5py and save the model again.`;
  return new KerasImportError('corrupt-npz', message);
}
