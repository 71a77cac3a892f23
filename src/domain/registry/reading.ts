/** The reading of one cell: what it means, why that is not what is printed, or why it means nothing. */
export interface Reading<T> {
  readonly value: T | undefined;
  /** The cell as it is read, and each repair that led there; empty when it is read as printed. */
  readonly to: string;
  readonly repairs: readonly string[];
  /** Why the cell could not be understood. */
  readonly problem?: string;
}

export function read<T>(value: T | undefined, to: string, repairs: readonly string[]): Reading<T> {
  return { value, to, repairs };
}

export function notRead(to: string, problem: string, repairs: readonly string[] = []): Reading<never> {
  return { value: undefined, to, repairs, problem };
}

/** The closed list of reasons for a change; text output counts by them. */
export const REASON = {
  space: 'white space trimmed or made one',
  apostrophe: 'typographic apostrophe made plain',
  capitals: 'capital letters as in the official name',
  stateSpelling: 'state misspelt: the only name near enough',
  stateMisprint: 'state misprinted: the same agency and model stand under another state, never in one list',
  modelSpelling: 'model misspelt: the only name near enough',
  typeName: 'kind of agency named in full',
  noCounty: 'no county: an error cell or a mark for none',
  noType: 'no kind of agency: an error mark',
  table: 'spelling repaired by table',
  dateSlash: 'signing date lacks a slash',
  dateYear: 'signing year has a wrong first digit',
  dateText: 'signing date written as text',
  linkMail: "link unwrapped from a mail gateway's redirect",
  linkArchive: 'link unwrapped from an archived page',
  linkExtension: "link unwrapped from a browser extension's address",
  linkRepair: 'address repaired: slashes, blanks or host',
  agencySpelling: 'agency spelt as most often: one agreement under several spellings',
  agencyRename: 'agency named as in the latest list: one agreement under several names',
} as const;
