import type { Day } from '../time/instant.ts';
import repairs from './repairs.json' with { type: 'json' };
import { agencyKey, readAgency, type AgencyKey } from './agency-names.ts';
import { readCounty } from './counties.ts';
import type { Field, PrintedCell, PrintedRow } from './list.ts';
import { documentOf, readLink, type DocumentPath } from './links.ts';
import { readModel, type Model } from './models.ts';
import { notRead, read, REASON, type Reading } from './reading.ts';
import { readSigned } from './signing-dates.ts';
import { codeOfState, readState, stateNameOf, type StateCode } from './states.ts';
import { squeezed } from './text.ts';

/** A row as it is understood; without state, agency or model it belongs to no agreement, but it still counts as printed. */
export interface UnderstoodRow {
  readonly state: StateCode | undefined;
  readonly agency: string | undefined;
  readonly key: AgencyKey | undefined;
  readonly model: Model | undefined;
  readonly county: string | undefined;
  readonly signed: Day | undefined;
  readonly document: DocumentPath | undefined;
  readonly changes: readonly CellChange[];
  readonly problems: readonly CellProblem[];
}

export interface CellChange {
  readonly field: Field;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface CellProblem {
  readonly field: Field;
  readonly text: string;
  readonly reason: string;
}

const NO_CELL: PrintedCell = { text: '', kind: 'text' };

/** Reads every cell of a row, with each repair and each thing that could not be understood. */
export function understand(printed: PrintedRow, datesFrom1904: boolean): UnderstoodRow {
  const changes: CellChange[] = [];
  const problems: CellProblem[] = [];
  function take<T>(field: Field, reading: Reading<T>, from = printed[field]?.text ?? ''): T | undefined {
    if (reading.problem !== undefined) problems.push({ field, text: from, reason: reading.problem });
    for (const reason of reading.repairs) changes.push({ field, from, to: reading.to, reason });
    return reading.value;
  }
  const printedState = take('state', whole(printed.state, readState));
  const agency = take(
    'agency',
    whole(printed.agency, (text) => readAgency(text, printedState)),
  );
  const misprint = misprintedState(printedState, agency);
  const state = misprint === undefined ? printedState : take('state', misprint);
  const model = take('model', whole(printed.model, readModel));
  take('type', readType(printed.type));
  const county = take('county', readCounty(printed.county?.text ?? '', state));
  const signed = take('signed', readSigned(printed.signed ?? NO_CELL, datesFrom1904));
  problems.push(...unknownLinkText('moa', printed.moa), ...unknownLinkText('addendum', printed.addendum));
  const moa = linkOf(printed.moa);
  const address = moa === undefined ? undefined : take('moa', readLink(moa), moa);
  const addendum = linkOf(printed.addendum);
  if (addendum !== undefined) take('addendum', readLink(addendum), addendum);
  const key = agency === undefined ? undefined : agencyKey(agency);
  return { state, agency, key, model, county, signed, document: documentOf(address), changes, problems };
}

function whole<T>(cell: PrintedCell | undefined, reader: (text: string) => Reading<T>): Reading<T> {
  if (cell?.kind === 'error') return notRead(cell.text, 'an error cell');
  return reader(cell?.text ?? '');
}

/** The address behind the cell, or in it, as the tables of 2021 and 2022 print it. */
function linkOf(cell: PrintedCell | undefined): string | undefined {
  if (cell?.link !== undefined) return cell.link;
  return cell !== undefined && /^https?:/i.test(squeezed(cell.text)) ? cell.text : undefined;
}

/** An agency that can only be in one state, printed under another: the table says which. */
function misprintedState(state: StateCode | undefined, agency: string | undefined): Reading<StateCode> | undefined {
  const found = repairs.misprintedStates.find((repair) => repair.state === state && repair.agency === agency);
  const right = found === undefined ? undefined : codeOfState(found.in);
  return found && right && read(right, stateNameOf(right), [`${REASON.table}: ${found.reason}`]);
}

const LINK_TEXT = /^(link( pending)?( \| addendum)?|addendum|pending|https?:.*)?$/i;

function unknownLinkText(field: Field, cell: PrintedCell | undefined): CellProblem[] {
  const text = squeezed(cell?.text ?? '');
  return LINK_TEXT.test(text) ? [] : [{ field, text, reason: 'neither "link" nor an address' }];
}

const TYPES: Readonly<Record<string, string>> = {
  county: 'County',
  municipality: 'Municipality',
  municipal: 'Municipality',
  'state agency': 'State Agency',
  state: 'State Agency',
};

/** The kind of agency bears on nothing but the reader's eye, so that an unknown one is reported and nothing more. */
function readType(cell: PrintedCell | undefined): Reading<string> {
  const text = squeezed(cell?.text ?? '');
  if (text === '') return read<string>(undefined, '', []);
  if (cell?.kind === 'error' || /^#/.test(text)) return read<string>(undefined, '', [REASON.noType]);
  const name = TYPES[text.toLowerCase()];
  if (name === undefined) return notRead(text, 'no kind of agency of this name');
  const space = text === cell?.text ? [] : [REASON.space];
  return read(name, name, name === text ? space : [...space, REASON.typeName]);
}
