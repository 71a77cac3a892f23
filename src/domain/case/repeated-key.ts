import { pathOf } from './edit.ts';

interface Level {
  /** Keys seen so far; undefined inside a list. */
  readonly keys: Set<string> | undefined;
  /** The key, or the place in a list, that is being read. */
  at: string | number;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/**
 * The path of the first key that an object of a JSON text holds twice; undefined where there is none. JSON's own reader
 * takes the last of the two in silence, and the case that was answered would not be the one that somebody wrote.
 * @param text that JSON.parse has read: its grammar is not tested again.
 */
export function repeatedKey(text: string): string | undefined {
  const levels: Level[] = [];
  let string = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ keys: new Set(), at: '' });
    else if (token === '[') levels.push({ keys: undefined, at: 0 });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && typeof level?.at === 'number') level.at += 1;
    else if (token === ':' && level?.keys !== undefined) {
      level.at = JSON.parse(string) as string;
      if (level.keys.has(level.at)) return pathOf(levels.map(({ at }) => at));
      level.keys.add(level.at);
    } else string = token;
  }
  return undefined;
}
