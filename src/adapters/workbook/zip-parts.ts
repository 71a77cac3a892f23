import type { Readable } from 'node:stream';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import type { WorkbookLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** The parts of a workbook, unpacked one at a time and only as far as the limits allow. */
export interface ZipParts {
  readonly has: (name: string) => boolean;
  /** The part's text in pieces; UTF-8. */
  readonly text: (name: string) => AsyncGenerator<string>;
  readonly close: () => void;
}

export async function openParts(bytes: Buffer, limits: WorkbookLimits): Promise<ZipParts> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
  const entries = await entriesOf(zip, limits);
  let unpacked = 0;
  async function* text(name: string): AsyncGenerator<string> {
    const entry = entries.get(name);
    if (!entry) throw new Refusal(`the part ${name} is missing`);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let ofPart = 0;
    for await (const chunk of chunksOf(await zip.openReadStreamPromise(entry))) {
      ofPart += chunk.length;
      unpacked += chunk.length;
      refuseOversize(entry, ofPart, unpacked, limits);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  }
  return { has: (name) => entries.has(name), text, close: () => zip.close() };
}

async function entriesOf(zip: ZipFile, limits: WorkbookLimits): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > limits.parts) throw new Refusal(`it has ${zip.entryCount} parts; ${limits.parts} are allowed`);
  const entries = new Map<string, Entry>();
  let promised = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw new Refusal('it is encrypted; save it without a password');
    // What the directory promises is refused at once; what it hides is caught while unpacking.
    promised += entry.uncompressedSize;
    refuseOversize(entry, entry.uncompressedSize, promised, limits);
    entries.set(entry.fileName, entry);
  }
  return entries;
}

function refuseOversize(entry: Entry, ofPart: number, total: number, limits: WorkbookLimits): void {
  if (total > limits.unpackedBytes) {
    throw new Refusal(`it unpacks to more than ${limits.unpackedBytes / 1024 / 1024} MB (a zip bomb?)`);
  }
  if (ofPart >= limits.ratioFromBytes && ofPart > entry.compressedSize * limits.ratio) {
    throw new Refusal(`its part ${entry.fileName} unpacks to more than ${limits.ratio} times its size (a zip bomb?)`);
  }
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) throw new Refusal('a part did not come as bytes');
    yield chunk;
  }
}
