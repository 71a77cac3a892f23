const encoder = new TextEncoder();
// `ignoreBOM` keeps a byte order mark in the text: what was signed must come out byte for byte.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of bytes, such that `utf8` gives the same bytes back; nothing where they are no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

/**
 * Bytes of standard base64 (RFC 4648 §4). Only the one canonical spelling counts: padded, without spaces, unused bits
 * zero. Otherwise two different texts would say the same, and a note could be changed without breaking its signature.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' });
    return bytes.toBase64() === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/**
 * As `fromBase64`, but unused bits may be anything: so Go reads signature lines, and published notes have such. Only for
 * what no signature covers, where two spellings of one signature harm nobody.
 */
export function fromLooseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

/** A whole number below 2^53 in decimal digits, without sign, leading zeros or spaces. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function uint32(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, number);
  return bytes;
}

/** The first four bytes as a number, big-endian. @throws RangeError where there are fewer. */
export function readUint32(bytes: Uint8Array): number {
  return viewOf(bytes).getUint32(0);
}

/** @throws RangeError where the number is no whole number below 2^53. */
export function uint64(number: number): Uint8Array {
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${number} is no whole number below 2^53`);
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt(number));
  return bytes;
}

/** The first eight bytes as a number, big-endian; nothing at 2^53 and above. @throws RangeError where there are fewer. */
export function readUint64(bytes: Uint8Array): number | undefined {
  const number = Number(viewOf(bytes).getBigUint64(0));
  return Number.isSafeInteger(number) ? number : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
