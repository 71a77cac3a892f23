import { describe, expect, test } from 'vitest';
import { dayOn, madeDaily, type MadeAgreement } from '../../../test/support/registry.ts';
import { historyUpTo } from './agreements.ts';
import { rowReader } from './sightings.ts';

const DOCUMENT = 'https://www.ice.gov/doclib/287gMOA/a.pdf';
const OTHER: MadeAgreement = ['TEXAS', "Smith County Sheriff's Office", 'WSO', '2020-06-08'];

/** Agreements after daily lists that hold these rows beside one that never changes. */
function agreements(...days: MadeAgreement[][]): string[] {
  const lists = madeDaily(
    '2025-03-01',
    days.map((rows) => [OTHER, ...rows]),
  );
  const history = historyUpTo(lists, dayOn('2026-01-01'), rowReader());
  return history.agreements
    .filter(({ agency }) => !agency.startsWith('Smith'))
    .map(({ state, agency, model }) => `${state} ${agency} ${model}`);
}

describe('one agreement under two spellings', () => {
  test('two letters apart, the same signing date, never in one list', () => {
    const wrong: MadeAgreement = ['WISCONSIN', "Mantiowoc County Sheriff's Office", 'WSO', '2020-06-05'];
    const right: MadeAgreement = ['WISCONSIN', "Manitowoc County Sheriff's Office", 'WSO', '2020-06-05'];
    expect(agreements([wrong], [right], [right])).toEqual(["WI Manitowoc County Sheriff's Office WSO"]);
  });

  test('the evidence is kept: rule, what is shared, and the cell of each name', () => {
    const lists = madeDaily('2025-03-01', [
      [['FLORIDA', 'Indiatlantic Police Department', 'TFM', '2025-05-13', DOCUMENT]],
      [['FLORIDA', 'Indialantic Police Department', 'TFM', '2025-05-13', DOCUMENT]],
    ]);
    expect(historyUpTo(lists, dayOn('2026-01-01'), rowReader()).mergers).toEqual([
      {
        rule: 'spelling',
        shared: ['/doclib/287gmoa/a.pdf', 'signed 2025-05-13'],
        model: 'TFM',
        left: {
          state: 'FL',
          agency: 'Indiatlantic Police Department',
          file: 'participating-2025-03-01.xlsx',
          cell: 'B2',
        },
        right: {
          state: 'FL',
          agency: 'Indialantic Police Department',
          file: 'participating-2025-03-02.xlsx',
          cell: 'B2',
        },
      },
    ]);
  });

  test('ICE prints the signing date anew: still one agreement', () => {
    const before: MadeAgreement = ['FLORIDA', "Clay County Sheriff's Office", 'WSO', '2020-06-08'];
    const after: MadeAgreement = ['FLORIDA', "Clay County Sheriff's Office", 'WSO', '2025-02-26'];
    expect(agreements([before], [after])).toEqual(["FL Clay County Sheriff's Office WSO"]);
  });
});

describe('two agreements that look like one', () => {
  const dunn: MadeAgreement = ['NORTH DAKOTA', "Dunn County Sheriff's Office", 'WSO', '2025-03-05'];
  const dunx: MadeAgreement = ['NORTH DAKOTA', "Dunx County Sheriff's Office", 'WSO', '2025-03-05'];

  test('both in one list, if only once', () => {
    expect(agreements([dunn], [dunn, dunx], [dunx])).toHaveLength(2);
  });

  test('both like a third, which cannot be both', () => {
    const between: MadeAgreement = ['NORTH DAKOTA', "Dumn County Sheriff's Office", 'WSO', '2025-03-05'];
    expect(agreements([between], [dunn, dunx], [dunn, dunx])).toHaveLength(2);
  });

  test('near names without a shared date or document', () => {
    expect(agreements([dunn], [['NORTH DAKOTA', "Dunx County Sheriff's Office", 'WSO', '2025-03-06']])).toHaveLength(2);
  });

  test('another number in the name', () => {
    const first: MadeAgreement = ['TENNESSEE', 'Bradley County Constable District 7', 'TFM', '2025-08-01', DOCUMENT];
    const second: MadeAgreement = ['TENNESSEE', 'Bradley County Constable District 1', 'TFM', '2025-08-01', DOCUMENT];
    expect(agreements([first], [second])).toHaveLength(2);
  });

  test('another model', () => {
    const wso: MadeAgreement = ['TEXAS', 'Nixon Police Department', 'WSO', '2025-02-28', DOCUMENT];
    const tfm: MadeAgreement = ['TEXAS', 'Nixon Police Department', 'TFM', '2025-02-28', DOCUMENT];
    expect(agreements([wso], [tfm])).toHaveLength(2);
  });

  test('one place, the same date, but a gap between them', () => {
    const camden: MadeAgreement = ['DELAWARE', 'Camden Police Department', 'TFM', '2025-04-29'];
    const other: MadeAgreement = ['NEW YORK', 'Camden Police Department', 'TFM', '2025-04-29'];
    expect(agreements([camden], [], [other])).toHaveLength(2);
  });
});

describe('one agreement under two names', () => {
  test('the same document and date, however different the names: the latest name stands', () => {
    const before: MadeAgreement = ['FLORIDA', "Escambia County Sheriff's Office", 'WSO', '2025-02-26', DOCUMENT];
    const after: MadeAgreement = [
      'FLORIDA',
      'Escambia County Board of County Commissioners',
      'WSO',
      '2025-02-26',
      DOCUMENT,
    ];
    expect(agreements([before], [before], [after])).toEqual(['FL Escambia County Board of County Commissioners WSO']);
  });

  test("the sheriff's own agreement under another model stays his", () => {
    const before: MadeAgreement = ['FLORIDA', "Escambia County Sheriff's Office", 'WSO', '2025-02-26', DOCUMENT];
    const after: MadeAgreement = [
      'FLORIDA',
      'Escambia County Board of County Commissioners',
      'WSO',
      '2025-02-26',
      DOCUMENT,
    ];
    const own: MadeAgreement = ['FLORIDA', "Escambia County Sheriff's Office", 'TFM', '2025-02-26'];
    expect(agreements([before, own], [after, own])).toEqual([
      'FL Escambia County Board of County Commissioners WSO',
      "FL Escambia County Sheriff's Office TFM",
    ]);
  });

  test('handed over from one list to the next at the same place', () => {
    const before: MadeAgreement = ['ARIZONA', "Pinal County Sheriff's Office", 'TFM', '2025-08-28'];
    const after: MadeAgreement = ['ARIZONA', "Pinal County Attorney's Office", 'TFM', '2025-08-28'];
    expect(agreements([before], [after])).toEqual(["AZ Pinal County Attorney's Office TFM"]);
  });

  test('two agencies of a state, signed on one day, one gone as the other comes, are two', () => {
    const before: MadeAgreement = ['FLORIDA', 'Florida Department of Lottery Services', 'TFM', '2025-02-26'];
    const after: MadeAgreement = ['FLORIDA', 'Florida Department of Law Enforcement', 'TFM', '2025-02-26'];
    expect(agreements([before], [after])).toHaveLength(2);
  });

  test('printed under the wrong state until the next list', () => {
    const before: MadeAgreement = ['MONTANA', "Cass County Sheriff's Office", 'TFM', '2025-02-28'];
    const after: MadeAgreement = ['MINNESOTA', "Cass County Sheriff's Office", 'TFM', '2025-02-28'];
    expect(agreements([before], [after])).toEqual(["MN Cass County Sheriff's Office TFM"]);
  });
});
