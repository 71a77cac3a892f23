import { randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unreachable } from '../../../domain/unreachable.ts';
import { systemCode } from './failure.ts';
import { birthOf, lifeOf, type Birth } from './processes.ts';

/** That this process, and no other, starts and stops the server of a folder. */
export interface Claim {
  /** Whoever comes next may have it. */
  release(): Promise<void>;
}

export type Claiming = { readonly kind: 'ours'; readonly claim: Claim } | { readonly kind: 'held'; readonly by: Birth };

const NAME = /^owner\.(\d+)$/;
const RELEASED = 'released';

/**
 * Claims a folder, or says who has it. The claim of a process that is gone does not count; that of one in another
 * container, which cannot be seen from here, counts as long as the folder is served.
 *
 * Claims are numbered files, and the highest one counts. Whoever finds it void links the next number, which only one
 * can do. Taking over by deleting a dead owner's file would be a race: between reading and deleting, somebody else may
 * have put theirs in its place. Numbers only grow: a released claim stays as a file that says so, and a claim is deleted
 * only when two higher ones are there, so that a slow reader always finds one that is not lower than what it knew.
 */
export async function claim(folder: string, isServed: () => Promise<boolean>): Promise<Claiming> {
  for (;;) {
    const numbers = await numbersIn(folder);
    const highest = numbers[0] ?? 0;
    const holder = await holderOf(folder, highest, isServed);
    if (holder === 'gone') continue;
    if (holder !== 'nobody') return { kind: 'held', by: holder };
    if (!(await put(folder, highest + 1))) continue;
    // One who read the folder long ago may link a number that was deleted meanwhile: then a higher one is there.
    if ((await numbersIn(folder))[0] !== highest + 1) {
      await rm(fileOf(folder, highest + 1), { force: true });
      continue;
    }
    for (const old of numbers.slice(1)) await rm(fileOf(folder, old), { force: true });
    return { kind: 'ours', claim: { release: () => release(folder, highest + 1) } };
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  return numbers.filter((number) => number > 0).sort((one, other) => other - one);
}

/** `gone` is a file deleted since the folder was read: read it again. */
async function holderOf(
  folder: string,
  number: number,
  isServed: () => Promise<boolean>,
): Promise<Birth | 'nobody' | 'gone'> {
  if (number === 0) return 'nobody';
  try {
    const text = await readFile(fileOf(folder, number), 'utf8');
    const holder = parsed(text);
    return holder !== undefined && (await counts(holder, isServed)) ? holder : 'nobody';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

async function counts(holder: Birth, isServed: () => Promise<boolean>): Promise<boolean> {
  const life = await lifeOf(holder);
  switch (life) {
    case 'alive':
      return true;
    case 'gone':
      return false;
    case 'elsewhere':
      return isServed();
    default:
      return unreachable(life);
  }
}

/** A file that is no claim, cut off by a full disk or a lost flush, is nobody's. */
function parsed(text: string): Birth | undefined {
  const [pid = '', born, boot, namespace, end] = text.split('\n');
  if (!/^\d+$/.test(pid) || born === undefined || boot === undefined || namespace === undefined) return undefined;
  return end === undefined ? undefined : { pid: Number(pid), born, boot, namespace };
}

async function put(folder: string, number: number): Promise<boolean> {
  const self = await birthOf(process.pid);
  if (self === undefined) throw new Error(`the system does not know process ${process.pid}, which is this one`);
  const draft = await drafted(folder, `${self.pid}\n${self.born}\n${self.boot}\n${self.namespace}\n`);
  try {
    await link(draft, fileOf(folder, number));
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function release(folder: string, number: number): Promise<void> {
  await rename(await drafted(folder, `${RELEASED}\n`), fileOf(folder, number));
}

/** The whole text under a name that nobody reads: what is linked or renamed from it is never seen half-written. */
async function drafted(folder: string, text: string): Promise<string> {
  const path = join(folder, `.owner-${randomUUID()}`);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return path;
}

function fileOf(folder: string, number: number): string {
  return join(folder, `owner.${number}`);
}
