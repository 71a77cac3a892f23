import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isoOf, type Instant } from '../../src/domain/time/instant.ts';

/** Every way in which Writkeeper, JSON, PostgreSQL or a driver would write an instant, as bytes to search for. */
export function spellingsOf(instant: Instant): Buffer[] {
  const iso = new Date(instant).toISOString();
  const texts = [iso, isoOf(instant), iso.slice(0, -1), iso.slice(0, -1).replace('T', ' '), String(instant)];
  // In hexadecimal as COPY and `bytea` show bytes, in base64 at each of its three places.
  const coded = texts.flatMap((text) => [Buffer.from(text).toHex(), ...base64Of(text)]);
  return [...[...texts, ...coded].map((text) => Buffer.from(text)), ...binaryOf(instant)];
}

/** PostgreSQL's own eight bytes (microseconds since 2000), and a number's, in either order. */
function binaryOf(instant: Instant): Buffer[] {
  const [micros, millis, double] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)];
  micros.writeBigInt64BE(BigInt(instant - Date.UTC(2000, 0, 1)) * 1000n);
  millis.writeBigInt64BE(BigInt(instant));
  double.writeDoubleBE(instant);
  return [micros, millis, double].flatMap((bytes) => [bytes, Buffer.from(bytes).reverse()]);
}

/** The digits of base64 that the text alone decides, whatever stands before and after it. */
function base64Of(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString('base64')
      .replace(/=+$/, '');
    return whole.slice(Math.ceil((shift * 8) / 6), -1);
  });
}

/** Files below some places that hold one of them. */
export function filesHolding(places: readonly string[], sought: readonly Buffer[]): string[] {
  return places.flatMap(filesIn).filter((file) => {
    const bytes = bytesOf(file);
    return sought.some((each) => bytes.includes(each));
  });
}

function filesIn(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The server renames and removes files of its own while it runs. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
