import { readFileSync } from 'node:fs';
import { isNode, isPair, isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import { mapping, type Mapping } from '../../domain/import/mapping.ts';

/** Reads a mapping; a fault in it is named with its line and column. */
export function readMapping(path: string): Result<Mapping> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words = code === 'ENOENT' ? 'there is no such file' : message;
    return failed({ code: 'unreadable', where: path, message: words });
  }
  return mappingFrom(text, path);
}

export function mappingFrom(text: string, name: string): Result<Mapping> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const message = error.message.split(/ at line |\n/)[0] ?? error.message;
    return failed({ code: 'malformed', where: at(error.pos[0]), message: `is no YAML: ${message}` });
  }
  const parsed = mapping.safeParse(document.toJS());
  if (parsed.success) return ok(parsed.data);
  return failed(
    ...parsed.error.issues.flatMap((issue): Failure[] => {
      const complaint = (path: readonly PropertyKey[], message: string): Failure => ({
        code: 'malformed',
        where: at(offsetOf(document, path)),
        message: `${path.map(String).join('.')} ${message}`.trim(),
      });
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) =>
          complaint([...issue.path, key], 'is no key of a mapping; remove it or correct its name'),
        );
      if (issue.code === 'invalid_value')
        return [complaint(issue.path, `must be one of ${issue.values.map(String).join(', ')}`)];
      const isMissing = issue.code === 'invalid_type' && issue.input === undefined && !document.hasIn(issue.path);
      return [complaint(issue.path, isMissing ? 'is missing' : issue.message)];
    }),
  );
}

/** Where a path begins: its key, or the nearest thing above it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((each) => isPair(each) && String(each.key) === String(key)) : undefined;
    const next: unknown = pair === undefined ? document.getIn(path.slice(0, path.indexOf(key) + 1), true) : pair.value;
    const begin = pair === undefined ? next : pair.key;
    if (!isNode(begin)) return offset;
    offset = begin.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}
