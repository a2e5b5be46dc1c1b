/** NumPy files of pickled dictionaries, opcode by opcode, so that they can be wrong where Python would not let them. */

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
export const uint32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
};
export const string = (text: string): string => `X${uint32(text.length)}${text}`;
export const bytesOf = (content: Buffer): string => `B${uint32(content.length)}${content.toString('latin1')}`;
export const tuple = (...items: string[]): string => `(${items.join('')}t`;
const integer = (value: number): string => `J${uint32(value >>> 0)}`;

/** `dtype('f4')` and the like, with its byte order in its state. */
export const dtype = (name: string, order = '<'): string =>
  `cnumpy\ndtype\n${tuple(string(name), '\x89', '\x88')}R${tuple(integer(3), string(order), 'N')}b`;
const reconstruct =
  'cnumpy.core.multiarray\n_reconstruct\n' + tuple('cnumpy\nndarray\n', tuple(integer(0)), 'C\x01b') + 'R';
export const array = (shape: number[], type: string, content: string, isFortran = false): string =>
  reconstruct + tuple(integer(1), tuple(...shape.map(integer)), type, isFortran ? '\x88' : '\x89', content) + 'b';
export const floats = (...values: number[]): string => bytesOf(Buffer.from(Float32Array.from(values).buffer));

/** A member as NumPy writes an array of one Python object: here a dictionary of variables. */
export function npyOf(variables: Readonly<Record<string, string>>, protocol = '\x80\x03'): Buffer {
  const items = Object.entries(variables).map(([key, value]) => string(key) + value);
  return npy(`${protocol}${array([], dtype('O8', '|'), `](}(${items.join('')}ue`)}.`);
}

export function npy(pickle: string, description = "{'descr': '|O', 'fortran_order': False, 'shape': (), }\n"): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(description.length);
  return Buffer.concat([latin1('\x93NUMPY\x01\x00'), length, latin1(description), latin1(pickle)]);
}
