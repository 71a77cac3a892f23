import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasShared, SHARED } from '../../../test/support/shared.ts';
import { historyFile, reportWriter } from '../../adapters/history-file/history-file.ts';
import { fileFinder } from '../../adapters/workbook/find-files.ts';
import { workbookReader } from '../../adapters/workbook/workbook-reader.ts';
import { dayFrom, type Day } from '../../domain/time/instant.ts';
import type { Model } from '../../domain/registry/models.ts';
import { importLists, type ImportSummary } from './import-lists.ts';
import { listEndings } from './list-endings.ts';
import { reportRegistry } from './report-registry.ts';

/**
 * ICE's own lists. Rows and models were counted beforehand by a separate script that reads the raw XML. Agencies are that
 * script's distinct names less pairs judged to be one agency: St. Cloud, Zephyrhills and the Sixth Circuit's attorney were
 * found in the raw names; Walker and Waukesha (Sheriff's Department and Office) only when our count differed from the script's.
 */
describe.skipIf(!hasShared())("ICE's lists from 2021 to 2025", () => {
  const ports = { files: fileFinder(), workbooks: workbookReader(), historyAt: historyFile, reports: reportWriter() };
  const folders = ['html-tables-2021-2025', 'participating-xlsx', 'pending-xlsx'].map((each) =>
    join(SHARED, 'data', `ice-287g-${each}`),
  );
  let folder = '';
  let db = '';
  let summary: ImportSummary;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'real-registry-'));
    db = join(folder, 'registry.json.gz');
    const read = await importLists(ports, { patterns: folders, db, changes: undefined, onProgress: () => undefined });
    if (!read.ok) throw new Error(read.failures[0]?.message);
    summary = read.value;
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function reportOn(on: string) {
    const report = await reportRegistry(ports, db, day(on));
    if (!report.ok) throw new Error(report.failures[0]?.message);
    return report.value;
  }

  async function endings(model: Model | undefined, on?: string) {
    const found = await listEndings(ports, db, {
      on: on === undefined ? undefined : day(on),
      model,
      withAbsent: false,
    });
    if (!found.ok) throw new Error(found.failures[0]?.message);
    return found.value;
  }

  test('every workbook is a list or a copy, and nothing stays unreadable', async () => {
    const files = (await Promise.all(folders.map((each) => readdir(each))))
      .flat()
      .filter((name) => name.endsWith('.xlsx'));
    expect(summary.lists.length + summary.copies.length).toBe(files.length);
    expect(summary.notUnderstood).toEqual([]);
  });

  test('the two byte-identical copies count once, under the name that agrees with the last save', () => {
    expect(summary.copies).toEqual([
      { file: 'participatingAgencies04212025am.xlsx', copyOf: 'participatingAgencies03062025am.xlsx' },
      { file: 'pendingAgencies09222025pm.xlsx', copyOf: 'participatingAgencies09182025pm.xlsx' },
    ]);
  });

  test.each([
    ['participatingAgencies08022025pm.xlsx', 'participating', '2025-09-02'],
    ['participatingAgencies090022025am.xlsx', 'participating', '2025-09-02'],
    ['participatingAgencies09222025pm.xlsx', 'pending', '2025-09-22'],
    ['participatingAgencies-20250301180751.xlsx', 'participating', '2025-03-01'],
    ['pendingAgencies.xlsx', 'pending', '2025-02-20'],
  ])('%s is a %s list of %s', (file, kind, dated) => {
    expect(summary.lists.find((list) => list.file === file)).toMatchObject({ kind, dated });
  });

  test.each([
    ['2021-01-31', 'ParticipatingEntities-20210116022328.xlsx', 148, { WSO: 76, JEM: 72, TFM: 0 }, 145],
    ['2025-02-28', 'participatingAgencies-20250226183301.xlsx', 239, { WSO: 110, JEM: 65, TFM: 64 }, 177],
    ['2025-06-30', 'participatingAgencies06272025am.xlsx', 737, { WSO: 266, JEM: 111, TFM: 360 }, 602],
    ['2025-09-30', 'participatingAgencies09302025pm.xlsx', 1035, { WSO: 381, JEM: 133, TFM: 521 }, 858],
  ])('on %s the last list is %s with %i rows', async (on, file, rows, byModel, agencies) => {
    expect((await reportOn(on)).list).toMatchObject({ file, rows, byModel, agencies });
  });

  test('two rows of June name an agreement that the same list names already', async () => {
    // 737 rows; St. Cloud and Zephyrhills stand twice each, once as "City of".
    expect((await reportOn('2025-06-30')).agreements.listed).toBe(735);
  });

  test.each([
    ['participatingAgencies05122025amB.xlsx', 'F533', '05/082025', '2025-05-08'],
    ['participatingAgencies07082025pm.xlsx', 'F617', '1141572', '2025-07-07'],
    ['participatingAgencies03062025am.xlsx', 'A208', 'MONTANA', 'MINNESOTA'],
    ['pendingAgencies08012025am.xlsx', 'A27', 'WEST VIRIGINIA', 'WEST VIRGINIA'],
    ['pendingAgencies08042025pm.xlsx', 'E4', 'Jail Enforcment Model ', 'Jail Enforcement Model'],
  ])('%s %s: %s is read as %s', (file, cell, from, to) => {
    const changes = summary.changes.filter((change) => change.file === file && change.cell === cell);
    expect(changes.map((change) => [change.from, change.to])).toContainEqual([from, to]);
  });

  test('Warrant Service Officer agreements that ended, as a separate script over the raw XML confirms', async () => {
    const found = (await endings('WSO')).map(({ state, agency, lastListed, absentSince }) => [
      state,
      agency,
      lastListed,
      absentSince,
    ]);
    expect(found).toEqual([
      ['KS', 'Kansas Bureau of Investigation', '2025-04-10', '2025-04-29'],
      ['PA', "Butler County Sheriff's Office", '2025-06-04', '2025-06-05'],
      ['TX', 'Nixon Police Department', '2025-08-12', '2025-08-12'],
      ['WI', "Lafayette County Sheriff's Office", '2022-10-07', '2025-02-21'],
      ['WI', "Walworth County Sheriff's Office", '2025-07-07', '2025-07-07'],
      ['WI', "Waupaca County Sheriff's Office", '2025-08-12', '2025-08-12'],
    ]);
  });

  test('Butler County, Ohio, gone from 2021 and signed anew in 2025, is no ending then or now', async () => {
    const isButler = ({ state, agency }: { state: string; agency: string }) =>
      state === 'OH' && agency.startsWith('Butler');
    expect((await endings('JEM')).filter(isButler)).toEqual([]);
    expect((await endings('JEM', '2022-12-31')).filter(isButler)).toEqual([]);
  });
});

function day(iso: string): Day {
  const found = dayFrom(iso);
  if (found === undefined) throw new Error(iso);
  return found;
}
