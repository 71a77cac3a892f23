import { describe, expect, test } from 'vitest';
import { isoOfDay } from '../time/instant.ts';
import { agencyKey, readAgency } from './agency-names.ts';
import { readCounty } from './counties.ts';
import { documentOf, readLink } from './links.ts';
import { readModel } from './models.ts';
import { REASON } from './reading.ts';
import { readSigned } from './signing-dates.ts';
import { readState, type StateCode } from './states.ts';
import { editDistance } from './text.ts';

describe('a state', () => {
  test.each([
    ['FLORIDA', 'FL', []],
    ['TEXAS ', 'TX', [REASON.space]],
    ['AlABAMA', 'AL', [REASON.capitals]],
    ['WEST VIRIGINIA', 'WV', [REASON.stateSpelling]],
    ['WEST\u00a0VIRGINIA', 'WV', [REASON.space]],
    ['UTAHJ', 'UT', [`${REASON.table}: a J typed after UTAH`]],
    ['TX', 'TX', []],
  ])('%j is %s', (printed, code, repairs) => {
    expect(readState(printed)).toMatchObject({ value: code, repairs });
  });

  test.each(['', 'ONTARIO', 'NORTH CAROLINA AND TEXAS', 'IOHO'])('%j is none, and is reported', (printed) => {
    const reading = readState(printed);
    expect(reading.value === undefined && reading.problem !== undefined).toBe(true);
  });

  test('a name as near to two states is neither', () => {
    expect(readState('NORTH CAKOTA').value).toBe('ND');
    expect(readState('XORTH DAKOTA').value).toBe('ND');
    expect(readState('OUTH DAKOTA').value).toBe('SD');
    expect(readState('XXXTH DAKOTA').value).toBeUndefined();
  });
});

describe('a model', () => {
  test.each([
    ['Warrant Service Officer', 'WSO'],
    ['Jail Enforcment Model ', 'JEM'],
    ['Task Force Model ', 'TFM'],
    ['task force model', 'TFM'],
  ])('%j is %s', (printed, model) => {
    expect(readModel(printed).value).toBe(model);
  });

  test('a model of another kind is reported', () => {
    expect(readModel('Tribal Task Force')).toMatchObject({
      value: undefined,
      problem: expect.stringContaining('no model') as string,
    });
  });
});

describe('a signing date', () => {
  test.each([
    ['a serial number', '45716', 'number', '2025-02-28', []],
    ['year 5025', '1141572', 'number', '2025-07-07', [REASON.dateYear]],
    ['a lost slash', '05/082025', 'text', '2025-05-08', [REASON.dateSlash]],
    ['a lost slash after one digit', '7/72025', 'text', '2025-07-07', [REASON.dateSlash]],
    ['a date as text', '8/4/2025', 'text', '2025-08-04', [REASON.dateText]],
    ['an ISO date', '2020-06-08', 'text', '2020-06-08', []],
  ] as const)('%s', (_, text, kind, iso, repairs) => {
    const reading = readSigned({ text, kind }, false);
    expect(reading.value !== undefined && isoOfDay(reading.value)).toBe(iso);
    expect(reading.repairs).toEqual(repairs);
  });

  test('days from 1904, as a Mac counted them, are 1,462 further on', () => {
    expect(readSigned({ text: String(45716 - 1462), kind: 'number' }, true).to).toBe('2025-02-28');
  });

  test.each(['13/45/2025', 'pending', '12', '1/12025x'])('%j is none, and is reported', (text) => {
    expect(readSigned({ text, kind: 'text' }, false).problem).toBeDefined();
  });
});

describe('a link', () => {
  const document = 'https://www.ice.gov/doclib/287gMOA/CatoosaCoSheriffsOfficeGA_WSO_MOA_05.22.25.pdf';

  test('wrapped by a mail gateway', () => {
    const wrapped = `https://gcc02.safelinks.protection.outlook.com/?url=${encodeURIComponent(document)}&data=05%7C02&reserved=0`;
    expect(readLink(wrapped)).toEqual({ value: document, to: document, repairs: [REASON.linkMail] });
  });

  test('wrapped by a mail gateway around an archived page', () => {
    const archived = `https://web.archive.org/web/20210113002027/${document}`;
    const wrapped = `https://gcc02.safelinks.protection.outlook.com/?data=1&url=${encodeURIComponent(archived)}`;
    expect(readLink(wrapped).value).toBe(document);
  });

  test("a browser extension's, with a slash lost", () => {
    const wrapped = 'chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/https:/www.ice.gov/doclib/287gMOA/a.pdf';
    expect(readLink(wrapped).value).toBe('https://www.ice.gov/doclib/287gMOA/a.pdf');
  });

  test('one document by two addresses', () => {
    expect(documentOf('http://www.ice.gov/doclib/287gMOA/287gJEM_%20EtowahCoAL.pdf')).toBe(
      documentOf('https://ice.gov//doclib/287gMOA/287gJEM_etowahCoAL.pdf'),
    );
  });

  test('a broken escape is kept rather than lost', () => {
    expect(documentOf('https://www.ice.gov/a%E0%A4.pdf')).toBe('/a%e0%a4.pdf');
  });

  test('an address elsewhere is no document of ICE', () => {
    expect(documentOf('https://evil.example/www.ice.gov/doclib/a.pdf')).toBeUndefined();
  });
});

describe('a county', () => {
  const texas = 'TX' as StateCode;
  test.each(['#N/A', '#NA', '#n?A', 'N/A'])('%j is no county, and the change is reported', (printed) => {
    expect(readCounty(printed, texas)).toEqual({ value: undefined, to: '', repairs: [REASON.noCounty] });
  });

  test('Alleghany stays in Virginia and is Allegheny in Pennsylvania', () => {
    expect(readCounty('Alleghany County ', 'VA' as StateCode).value).toBe('Alleghany County');
    expect(readCounty('Alleghany County', 'PA' as StateCode).value).toBe('Allegheny County');
  });
});

describe('an agency', () => {
  test('a typographic apostrophe is made plain, and reported', () => {
    expect(readAgency('Power County Sheriff’s Office', undefined)).toEqual({
      value: "Power County Sheriff's Office",
      to: "Power County Sheriff's Office",
      repairs: [REASON.apostrophe],
    });
  });

  test.each([
    ["Reno County Sheriff's Office", 'Reno County Sheriff’s office'],
    ['Walker County Sheriff’s Department', "Walker County Sheriff's Office"],
    ['Tampa PD', 'Tampa Police Department'],
    ['St Johns County Sheriffs Office', "St. Johns County Sheriff's Office"],
    ['Florida Fish & Wildlife Conservation Commission', 'Florida Fish and Wildlife Conservation Commission'],
    ['City of Zephyrhills Police Department', 'Zephyrhills Police Department'],
    ['Pasco County BOCC', 'Pasco County Board of County Commissioners'],
  ])('%j and %j are one', (left, right) => {
    expect(agencyKey(left)).toBe(agencyKey(right));
  });

  test.each([
    ["Lee County Sheriff's Office", "Levy County Sheriff's Office"],
    ['Nassau County Police Department', "Nassau County Sheriff's Office"],
    ['Melbourne Police Department', 'Melbourne Beach Police Department'],
  ])('%j and %j are two', (left, right) => {
    expect(agencyKey(left)).not.toBe(agencyKey(right));
  });
});

test.each([
  ['mantiowoc', 'manitowoc', 1],
  ['indiatlantic', 'indialantic', 1],
  ['ab', 'ba', 1],
  ['abc', 'xyz', 3],
  ['flagere', 'flagler', 2],
])('from %s to %s it is %i letters', (left, right, letters) => {
  expect(editDistance(left, right, 2)).toBe(letters);
});
