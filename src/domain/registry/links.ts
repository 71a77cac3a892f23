import { read, REASON, type Reading } from './reading.ts';
import { squeezed } from './text.ts';

/** The path of an agreement's document on ice.gov, made comparable: decoded, lower case, without blanks. */
export type DocumentPath = string & { readonly __brand: 'document-path' };

const MAX_WRAPPINGS = 4;

/** Unwraps a link from mail gateways, archived pages and browser extensions, and repairs the address within. */
export function readLink(printed: string): Reading<string> {
  let address = squeezed(printed);
  const repairs: string[] = address === printed ? [] : [REASON.space];
  for (let depth = 0; depth < MAX_WRAPPINGS; depth += 1) {
    const unwrapped = unwrap(address);
    if (unwrapped === undefined) break;
    address = unwrapped.address;
    repairs.push(unwrapped.reason);
  }
  const repaired = address.replace(/^(https?):\/*(?=[^/])/i, (_, scheme: string) => `${scheme.toLowerCase()}://`);
  if (repaired !== address) repairs.push(REASON.linkRepair);
  return read(repaired === '' ? undefined : repaired, repaired, repairs);
}

/** What the link points to, if it is a document of ICE's: two spellings of one address give one path. */
export function documentOf(address: string | undefined): DocumentPath | undefined {
  if (address === undefined) return undefined;
  const path = /^https?:\/\/(?:www\.)?ice\.gov(\/[^?#]*)/i.exec(address)?.[1];
  if (path === undefined) return undefined;
  const comparable = decoded(path)
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/\/{2,}/g, '/');
  return comparable.endsWith('.pdf') ? (comparable as DocumentPath) : undefined;
}

function unwrap(address: string): { address: string; reason: string } | undefined {
  const archived = /^https?:\/\/web\.archive\.org\/web\/\d+[a-z_]*\/(.+)$/i.exec(address)?.[1];
  if (archived !== undefined) return { address: archived, reason: REASON.linkArchive };
  const extension = /^chrome-extension:\/\/[a-z]+\/(.+)$/i.exec(address)?.[1];
  if (extension !== undefined) return { address: extension, reason: REASON.linkExtension };
  if (!/^https?:\/\/[^/]*\.safelinks\.protection\.outlook\.com\//i.test(address)) return undefined;
  const target = /[?&]url=([^&]+)/i.exec(address)?.[1];
  return target === undefined ? undefined : { address: decoded(target), reason: REASON.linkMail };
}

/** Percent-decoding that leaves alone what is no encoding: an address is kept rather than lost. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch (error) {
      if (error instanceof URIError) return bytes;
      throw error;
    }
  });
}
