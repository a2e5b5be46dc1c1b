/** Damaged Keras files, drawn from whole ones: bytes flipped, cut, inserted or doubled, and configurations edited. */
import { crc32 } from 'node:zlib';

/** A small generator with a seed (mulberry32), so that a case can be made again. */
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(next() * bound);
  return { next, below, pick: (list) => list[below(list.length)] };
}

/** Of a whole file: what of it can be edited as JSON, and how it is put together again. */
export async function dissect(bytes, { hdf5, openZip }) {
  if (bytes[0] === 0x50) {
    const entries = await entriesOf(bytes, openZip);
    const npz = entries.find(({ name }) => name === 'model.weights.npz');
    if (npz) npz.entries = await entriesOf(npz.content, openZip);
    const config = JSON.parse(entries.find(({ name }) => name === 'config.json').content);
    return {
      bytes,
      config,
      withConfig: (text) =>
        storedZip(
          entries.map((entry) => (entry.name === 'config.json' ? { ...entry, content: Buffer.from(text) } : entry)),
        ),
      entries,
    };
  }
  const library = await hdf5.ready;
  library.activate_throwing_error_handler();
  const config = editHdf5(hdf5, library.FS, bytes, 'r', (file) => JSON.parse(file.get_attribute('model_config')));
  return {
    bytes,
    config,
    withConfig: (text) =>
      editHdf5(hdf5, library.FS, bytes, 'a', (file, path) => {
        file.delete_attribute('model_config');
        file.create_attribute('model_config', text);
        file.flush();
        return Buffer.from(library.FS.readFile(path));
      }),
  };
}

async function entriesOf(bytes, openZip) {
  const archive = await openZip(bytes);
  const entries = [];
  for (const name of archive.names) entries.push({ name, content: Buffer.from(await archive.read(name, 1e9)) });
  return entries;
}

let files = 0;

function editHdf5(hdf5, FS, bytes, mode, use) {
  const path = `/whole-${++files}.h5`;
  // A copy: a file in memory shares its bytes with the Buffer it was written from.
  FS.writeFile(path, Uint8Array.from(bytes));
  const file = new hdf5.File(path, mode);
  try {
    return use(file, path);
  } finally {
    file.close();
    FS.unlink(path);
  }
}

/** An archive that is right again after its parts were changed: what is tested is what comes behind the checksums. */
function storedZip(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]));
    parts.push(Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content]));
    offset += parts.at(-1).length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** One damaged file and what was done to it. */
export function mutate(whole, random) {
  try {
    return mutated(whole, random);
  } catch (error) {
    // HDF5 keeps no attribute of more than 64 KB where its object header is old.
    if (!/HDF5-DIAG/.test(error.message)) throw error;
    return { kind: 'bytes', bytes: damageBytes(whole.bytes, random) };
  }
}

function mutated(whole, random) {
  const kind = random.pick(['bytes', 'bytes', 'weights', 'json', 'json', 'json', 'text']);
  if (kind === 'weights' && whole.entries) {
    // Behind the checksum of the archive, where flipped bytes would otherwise never come.
    const entries = whole.entries.map((entry) =>
      /^model\.weights\./.test(entry.name) ? { ...entry, content: damageWeights(entry, random) } : entry,
    );
    return { kind, bytes: storedZip(entries) };
  }
  if (kind === 'json') return { kind, bytes: whole.withConfig(JSON.stringify(damageJson(whole.config, random))) };
  if (kind === 'text') {
    const damaged = damageBytes(Buffer.from(JSON.stringify(whole.config)), random).toString('latin1');
    return { kind, bytes: whole.withConfig(damaged.replaceAll('\0', ' ')) };
  }
  return { kind: 'bytes', bytes: damageBytes(whole.bytes, random) };
}

/** An .npz is an archive within the archive, with checksums of its own. */
function damageWeights({ content, entries }, random) {
  if (!entries) return damageBytes(content, random);
  const chosen = random.pick(entries);
  return storedZip(
    entries.map((entry) => (entry === chosen ? { ...entry, content: damageBytes(entry.content, random) } : entry)),
  );
}

function damageBytes(original, random) {
  let bytes = Buffer.from(original);
  for (let changes = 1 + random.below(4); changes > 0 && bytes.length > 0; changes--) {
    const at = random.below(bytes.length);
    const length = 1 + random.below(Math.min(64, bytes.length - at));
    const change = random.below(7);
    if (change === 0) bytes[at] ^= 1 << random.below(8);
    else if (change === 1) bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
    else if (change === 2) bytes = bytes.subarray(0, at);
    else if (change === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (change === 4) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else if (change === 5) bytes.fill(random.pick([0, 0xff]), at, at + length);
    // The metadata of HDF5 stands at the beginning.
    else bytes[random.below(Math.min(2048, bytes.length))] = random.below(256);
    bytes = Buffer.from(bytes);
  }
  return bytes;
}

const odd = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  -1e308,
  '',
  'x',
  'relu',
  '__proto__',
  [],
  {},
  [[]],
];

function damageJson(config, random) {
  const copy = structuredClone(config);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const places = [];
    visit(copy, (holder, key) => places.push([holder, key]));
    if (places.length === 0) break;
    const [holder, key] = random.pick(places);
    const other = random.pick(places);
    const change = random.below(7);
    if (change <= 1) holder[key] = structuredClone(random.pick(odd));
    else if (change === 2 && Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (change === 2) delete holder[key];
    else if (change === 3 && Array.isArray(holder)) holder.push(structuredClone(holder[key]));
    else if (change === 3) holder[`${key}_`] = structuredClone(holder[key]);
    else if (change === 4)
      [holder[key], other[0][other[1]]] = [structuredClone(other[0][other[1]]), structuredClone(holder[key])];
    else if (change === 5 && typeof holder[key] === 'number') holder[key] *= random.pick([-1, 0, 2, 1000, 2 ** 40]);
    else if (change === 5 && typeof holder[key] === 'string') holder[key] = holder[key].slice(1);
    else if (change === 6) holder[key] = [holder[key], holder[key]];
  }
  return copy;
}

function visit(value, found) {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    found(value, key);
    visit(value[key], found);
  }
}
