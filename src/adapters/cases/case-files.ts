import { createReadStream } from 'node:fs';
import type { CaseSource } from '../../app/ports.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';

/** A case is a page or two; what is larger is no case, and reading it would only stop the desk. */
const LARGEST_CASE = 4 * 1024 * 1024;

/** Case documents in files and on standard input. */
export function caseFiles(input: NodeJS.ReadableStream): CaseSource {
  const open = (path: string): NodeJS.ReadableStream => (path === '-' ? input : createReadStream(path));
  return {
    read: (path) => readWhole(open(path), nameOf(path)),
    lines: (path) => readLines(open(path), nameOf(path)),
  };
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path;
}

async function readWhole(stream: NodeJS.ReadableStream, name: string): Promise<Result<string>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > LARGEST_CASE) return failed(tooLarge(name));
      chunks.push(bytes);
    }
  } catch (error) {
    return failed(unreadable(name, error));
  }
  return textOf(Buffer.concat(chunks), name);
}

async function* readLines(
  stream: NodeJS.ReadableStream,
  name: string,
): AsyncGenerator<Result<{ line: number; text: string }>> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  const take = (bytes: Buffer): Result<{ line: number; text: string }> => {
    line += 1;
    const text = textOf(bytes, `${name}:${line}`);
    return text.ok ? ok({ line, text: text.value }) : text;
  };
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.concat([rest, Buffer.from(chunk)]);
      let start = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
        const each = take(bytes.subarray(start, end));
        if (!each.ok || each.value.text.trim() !== '') yield each;
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > LARGEST_CASE) {
        yield failed(tooLarge(`${name}:${line + 1}`));
        return;
      }
    }
  } catch (error) {
    yield failed(unreadable(name, error));
    return;
  }
  if (rest.toString().trim() !== '') yield take(rest);
}

function textOf(bytes: Buffer, name: string): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return failed({ code: 'unreadable', where: name, message: 'is not UTF-8 text; save it as UTF-8' });
  }
}

function tooLarge(where: string): { code: 'unreadable'; where: string; message: string } {
  return {
    code: 'unreadable',
    where,
    message: 'is larger than 4 MiB, which no case is; give one case, or --batch for one a line',
  };
}

function unreadable(where: string, error: unknown): { code: 'unreadable'; where: string; message: string } {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'is a folder; give a file',
    EACCES: 'may not be read by this account',
  };
  if (code === undefined) throw error;
  return { code: 'unreadable', where, message: words[code] ?? message };
}
