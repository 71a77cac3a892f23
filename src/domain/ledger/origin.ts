/**
 * A log's name (C2SP tlog-checkpoint, "origin") ends in its agency. A log whose tail was lost goes on under a new name,
 * with a number after it: nobody can then mistake its history for the one that was signed under the old name.
 */
export function nextOrigin(agency: string, origin: string): string {
  const { base, number } = partsOf(agency, origin);
  return `${base}/${number + 1}`;
}

/** All names that a log may have had, the first one first and its own last. */
export function originsUpTo(agency: string, origin: string): string[] {
  const { base, number } = partsOf(agency, origin);
  return Array.from({ length: number }, (_, at) => (at === 0 ? base : `${base}/${at + 1}`));
}

function partsOf(agency: string, origin: string): { base: string; number: number } {
  // The agency's own name may end in a number, so it is looked for first.
  if (origin.endsWith(agency)) return { base: origin, number: 1 };
  const [, base, number] = /^(.+)\/([2-9]|[1-9]\d{1,3})$/.exec(origin) ?? [];
  return base?.endsWith(agency) === true ? { base, number: Number(number) } : { base: origin, number: 1 };
}
