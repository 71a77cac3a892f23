import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportRows } from '../src/adapters/csv/csv-rows.ts';
import { mappingFrom } from '../src/adapters/import/mapping-file.ts';
import { importBookings } from '../src/app/import/import-bookings.ts';
import type { ImportReport, ImportRequest } from '../src/app/import/ports.ts';
import { expungeSubject, sealSubject } from '../src/app/ledger/erase.ts';
import { openRow, type EventKept } from '../src/app/ledger/history.ts';
import { openLedger, type LedgerPorts } from '../src/app/ledger/ledger.ts';
import { verifyAgency } from '../src/app/ledger/verify.ts';
import { rebuild } from '../src/app/ledger/rebuild.ts';
import type { Envelope } from '../src/domain/record/event.ts';
import { newHandle, type Handle } from '../src/domain/record/key-tree.ts';
import { instantFrom, type Instant } from '../src/domain/time/instant.ts';
import { primitives } from '../src/adapters/system/primitives.ts';
import { databases } from './support/databases.ts';
import { hasShared, SHARED } from './support/shared.ts';
import { AGENCY, bookingOpened, recorded, testHouse, type TestHouse } from './support/house.ts';

const MAPPING = `
version: 1
timeZone: America/New_York
booking:
  number: { column: no }
  openedAt: { column: opened }
  jurisdiction: { constant: us/fl/monroe-county }
  facility: { constant: main-jail }
  releasedAt: { column: released }
  bornOn: { column: born }
facilities:
  main-jail: { kind: jail }
basis:
  kind: { column: kind, values: { C: charge, S: sentence } }
  since: { column: opened }
  endedAt: { column: ended }
`;
const HEADER = 'no,name,born,opened,kind,ended,released';
const ROOT = join(import.meta.dirname, '..');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  writeFileSync(join(folder, 'mapping.yaml'), MAPPING);
});
afterAll(() => rmSync(folder, { recursive: true }));

function exported(rows: readonly string[]): string {
  const path = join(folder, 'export.csv');
  writeFileSync(path, `${[HEADER, ...rows].join('\n')}\n`);
  return path;
}

function row(no: string, opened: string, ended = '', released = '', kind = 'C'): string {
  return `${no},A. Person,1988-04-09,${opened},${kind},${ended},${released}`;
}

interface Ran {
  readonly report: ImportReport;
  readonly rejected: string[];
  readonly held: number[];
  readonly differences: string[];
}

async function imported(
  house: TestHouse,
  rows: readonly string[],
  more: Partial<ImportRequest> = {},
  ports: Partial<Pick<LedgerPorts, 'now'>> = {},
  yaml = MAPPING,
): Promise<Ran> {
  const mapping = mappingFrom(yaml, 'mapping.yaml');
  if (!mapping.ok) throw new Error(JSON.stringify(mapping.failures));
  const ran = { rejected: [] as string[], held: [] as number[], differences: [] as string[] };
  const done = await importBookings(
    {
      ...house.ports,
      ...ports,
      ledger: openLedger({ ...house.ports, ...ports }),
      rows: exportRows(exported(rows), mapping.value),
    },
    { mapping: mapping.value, agency: AGENCY, by: 'sergeant.one', isTrial: false, ...more },
    {
      progress: () => undefined,
      rejected: ({ line, reason }) => ran.rejected.push(`${line}: ${reason}`),
      heldBack: ({ line }) => ran.held.push(line),
      differs: ({ line, message }) => ran.differences.push(`${line}: ${message}`),
    },
  );
  if (!done.ok) throw new Error(JSON.stringify(done.failures));
  return { ...ran, report: done.value };
}

/** Every number on record and how often; what is sealed or expunged has none. */
async function numbersIn({ ports }: TestHouse): Promise<Map<string, Handle[]>> {
  const numbers = new Map<string, Handle[]>();
  for await (const rows of ports.store.entries(AGENCY, 0, Number.MAX_SAFE_INTEGER)) {
    for (const each of rows.filter(({ type }) => type === 'booking.opened')) {
      const opened = openRow(each, ports.keyring.subjectKey(AGENCY, each.subject), primitives);
      if (!('event' in opened)) continue;
      const number = String(opened.event.content['booking']);
      numbers.set(number, [...(numbers.get(number) ?? []), each.subject]);
    }
  }
  return numbers;
}

async function handleOf(house: TestHouse, number: string): Promise<Handle> {
  const [handle] = (await numbersIn(house)).get(number) ?? [];
  if (handle === undefined) throw new Error(`${number} is not on record`);
  return handle;
}

function recordedEnvelope([first]: readonly EventKept[]): Envelope {
  if (first === undefined || !('event' in first)) throw new Error('the booking is not readable');
  return first.event.envelope;
}

async function faultsOf({ ports, readCheckpoint }: TestHouse): Promise<unknown[]> {
  const { faults } = await verifyAgency({ ...ports, readCheckpoint, attested: () => Promise.resolve([]) }, AGENCY);
  const { different, unreadable } = await rebuild(ports, AGENCY, false);
  return [...faults, ...different, ...unreadable];
}

const order = (subject: Handle) => ({
  ...{ agency: AGENCY, subject, order: 'Circuit Court 26-CA-1, 2026-11-20', actor: 'clerk.one', second: 'clerk.two' },
  request: crypto.randomUUID(),
});

describe.each(databases())('$name', (server) => {
  const within = async (work: (house: TestHouse) => Promise<void>): Promise<void> => {
    const house = await testHouse(server);
    try {
      await work(house);
    } finally {
      await house.remove();
    }
  };

  test('run twice it imports once; a newer export brings only what is new', () =>
    within(async (house) => {
      const first = [
        row('B-1', '2026-11-02 09:00'),
        row('B-1', '2026-11-02 09:00', '2026-11-03 10:00', '', 'S'),
        row('B-2', '2026-11-02 10:00', '2026-11-04 10:00', '2026-11-04 11:00'),
      ];
      // B-1: opened, described, two bases, one end. B-2: opened, described, a basis, its end, released.
      expect((await imported(house, first)).report).toMatchObject({
        bookings: 2,
        rows: 3,
        opened: 2,
        events: 10,
        passedOver: ['name'],
      });
      expect((await imported(house, first)).report).toMatchObject({ opened: 0, unchanged: 2, events: 0 });

      const newer = [
        row('B-1', '2026-11-02 09:00', '2026-11-05 08:00', '2026-11-05 09:00'),
        row('B-1', '2026-11-02 09:00', '2026-11-03 10:00', '2026-11-05 09:00', 'S'),
        first[2] ?? '',
        row('B-3', '2026-11-06 10:00'),
      ];
      const { report, differences } = await imported(house, newer);
      expect(report).toMatchObject({ opened: 1, continued: 1, unchanged: 1, events: 5, rejected: 0 });
      expect(differences).toEqual([]);
      const state = await house.ledger.state(AGENCY, await handleOf(house, 'B-1'));
      expect(state?.left).toMatchObject({ how: 'released', at: '2026-11-05T14:00:00Z' });
      expect(Object.values(state?.bases ?? {}).map((basis) => basis.endedAt)).toEqual([
        '2026-11-05T13:00:00Z',
        '2026-11-03T15:00:00Z',
      ]);
      expect(await faultsOf(house)).toEqual([]);
    }));

  test('who was handed to ICE goes on record as handed over, where the mapping says which cells mean that', () =>
    within(async (house) => {
      const yaml = MAPPING.replace(
        '  bornOn:',
        '  leftBy: { column: name, values: { ICE: handed-over, Bond: released } }\n  bornOn:',
      );
      const left = (no: string, how: string, at = '2026-11-04 11:00'): string =>
        row(no, '2026-11-02 09:00', '2026-11-04 10:00', at).replace('A. Person', how);
      const rows = [left('B-1', 'ICE'), left('B-2', 'Bond'), left('B-3', 'Unknown'), left('B-4', 'ICE', '')];
      const { report, rejected } = await imported(house, rows, {}, {}, yaml);
      expect(report).toMatchObject({ opened: 2, rejected: 2 });
      expect(rejected).toEqual([
        '4: is a value that the mapping does not name',
        '5: is empty, and yet another column says that the person was handed over',
      ]);
      const at = '2026-11-04T16:00:00Z';
      const leftBy = async (no: string) => (await house.ledger.state(AGENCY, await handleOf(house, no)))?.left;
      expect(await leftBy('B-1')).toMatchObject({ how: 'handed-over', at });
      expect(await leftBy('B-2')).toMatchObject({ how: 'released', at });
      expect((await imported(house, rows, {}, {}, yaml)).report).toMatchObject({ unchanged: 2, events: 0 });
    }));

  test('a release that contradicts the record is told and not written', () =>
    within(async (house) => {
      await imported(house, [row('B-1', '2026-11-02 09:00', '2026-11-04 10:00', '2026-11-04 11:00')]);
      const { report, differences } = await imported(house, [
        row('B-1', '2026-11-02 09:00', '2026-11-04 10:00', '2026-11-04 12:00'),
      ]);
      expect(report).toMatchObject({ differing: 1, events: 0 });
      expect(differences).toEqual([
        '2: tells a release at 2026-11-04T17:00:00Z; on record the person left at 2026-11-04T16:00:00Z',
      ]);
    }));

  test('a booking that somebody recorded by hand is continued, and one whose number was corrected is found by it', () =>
    within(async (house) => {
      const occurredAt = instantFrom('2026-11-02T14:00:00Z') as Instant;
      const draft = { ...bookingOpened('B-wrong'), occurredAt };
      const { envelope } = recorded(await house.ledger.append(AGENCY, draft));
      const content = { ...(draft.content as Record<string, unknown>), booking: 'B-1' };
      recorded(
        await house.ledger.append(AGENCY, {
          ...{
            type: 'correction',
            subject: draft.subject,
            occurredAt,
            actor: 'sergeant.one',
            request: crypto.randomUUID(),
          },
          ...{ corrects: envelope.sequence, content: { content, reason: 'typed wrong' } },
        }),
      );
      const { report } = await imported(house, [row('B-1', '2026-11-02 09:00')]);
      expect(report).toMatchObject({ opened: 0, continued: 1, events: 2 });
    }));

  test('rows that cannot be are listed, and the rest goes on record; rows that do not stand together are not guessed at', () =>
    within(async (house) => {
      const { report, rejected } = await imported(house, [
        row('B-1', '2026-11-02 09:00'),
        row('B-2', '2026-11-01 01:30'),
        row('', '2026-11-02 09:00'),
        row('B-1', '2026-11-02 09:00'),
        row('B-3', '2026-11-02 09:00'),
      ]);
      expect(report).toMatchObject({ bookings: 3, opened: 1, rejected: 2, rejectedRows: 4 });
      expect(rejected.map((each) => each.split(':')[0]).sort()).toEqual(['2', '3', '4', '5']);
      expect([...(await numbersIn(house)).keys()]).toEqual(['B-3']);
    }));

  test('a row with too many or too few cells is listed and its booking left out whole; the rest goes on record', () =>
    within(async (house) => {
      const { report, rejected } = await imported(house, [
        row('B-1', '2026-11-02 09:00'),
        // A comma in a name moves every cell after it; the number tells whose row it is.
        row('B-1', '2026-11-02 09:00').replace('A. Person', 'Person, A.'),
        row('B-2', '2026-11-02 09:00'),
        'B-3,A. Person',
        row('B-4', '2026-11-02 09:00'),
        // The number is lost, and rows of one booking stand on both sides.
        '1988-04-09,2026-11-02 09:00,C',
        row('B-4', '2026-11-02 09:00', '2026-11-03 09:00', '', 'S'),
        row('B-5', '2026-11-02 09:00'),
        // Nothing stands where the number should: it may be of either.
        ',A. Person',
        row('B-6', '2026-11-02 09:00'),
        row('B-7', '2026-11-02 09:00'),
      ]);
      expect([...(await numbersIn(house)).keys()].sort()).toEqual(['B-2', 'B-7']);
      expect(report).toMatchObject({ rows: 11, bookings: 6, opened: 2, rejected: 4, rejectedRows: 9 });
      expect(rejected.filter((each) => each.includes('not as many cells')).map((each) => parseInt(each))).toEqual([
        3, 5, 7, 10,
      ]);
      expect(rejected).toContain('2: is left out with its booking: line 3 was rejected');
    }));

  test('a trial writes nothing, not even keys', () =>
    within(async (house) => {
      const { report } = await imported(house, [row('B-1', '2026-11-02 09:00')], { isTrial: true });
      expect(report).toMatchObject({ opened: 1, events: 3 });
      expect(await house.ports.store.head(AGENCY)).toBeUndefined();
      expect(() => house.vault.agencySubject(AGENCY)).toThrow('no keys');
    }));

  test('who was expunged or sealed does not come back with an old export, unless a second person vouches for it', () =>
    within(async (house) => {
      const old = [row('B-1', '2026-11-02 09:00'), row('B-2', '2026-11-03 09:00'), row('B-3', '2026-11-04 09:00')];
      await imported(house, old);
      recorded(await expungeSubject(house.ledger, house.ports, order(await handleOf(house, 'B-1'))));
      recorded(await sealSubject(house.ledger, house.ports, order(await handleOf(house, 'B-2')), (key) => key));

      const again = await imported(house, [...old, row('B-4', '2026-11-04 08:59')]);
      // Nothing is left that tells B-4 from the erased ones: it began before they were recorded, as each of them did.
      expect(again.report).toMatchObject({ heldBack: 3, unchanged: 1, opened: 0, rejected: 0 });
      expect(again.held).toEqual([2, 3, 5]);

      // The export of a system in which the orders were carried out, as somebody says.
      const cleaned = [old[2] ?? '', row('B-4', '2026-11-04 08:59')];
      const vouched = await imported(house, cleaned, { vouchedBy: 'records.two' });
      expect(vouched.report).toMatchObject({ opened: 1, heldBack: 0 });
      expect([...(await numbersIn(house)).keys()].sort()).toEqual(['B-3', 'B-4']);
      // Who vouched is on record, once, and how many were erased then.
      const own = await house.ledger.history(AGENCY, house.vault.agencySubject(AGENCY));
      const vouchings = own.flatMap((kept) =>
        'event' in kept && kept.event.envelope.type === 'import.vouched' ? [kept.event] : [],
      );
      expect(vouchings.map(({ actor, content }) => ({ actor, content }))).toEqual([
        { actor: 'sergeant.one', content: { erased: 2, second: 'records.two' } },
      ]);
      expect(await faultsOf(house)).toEqual([]);
    }));

  test('what began on the second day after an erased one was recorded, or later, is none of the erased', () =>
    within(async (house) => {
      await imported(house, [row('B-1', '2026-11-02 09:00')]);
      const { recordedOn } = recordedEnvelope(await house.ledger.history(AGENCY, await handleOf(house, 'B-1')));
      recorded(await expungeSubject(house.ledger, house.ports, order(await handleOf(house, 'B-1'))));
      const midnight = Temporal.PlainDate.from(recordedOn).add({ days: 2 }).toZonedDateTime('UTC').toInstant();
      const opens = (seconds: number): string =>
        midnight
          .add({ seconds })
          .toZonedDateTimeISO('America/New_York')
          .toPlainDateTime()
          .toString({ smallestUnit: 'second' });
      const now = (): Instant => midnight.add({ hours: 24 }).epochMilliseconds as Instant;
      const { held, report } = await imported(house, [row('B-2', opens(-1)), row('B-3', opens(0))], {}, { now });
      expect([held, report.opened]).toEqual([[2], 1]);
    }));

  test('a booking that was recorded by hand with a time days before the export’s own, and expunged, is held back', () =>
    within(async (house) => {
      const draft = { ...bookingOpened('B-1'), occurredAt: instantFrom('2026-10-01T14:00:00Z') as Instant };
      recorded(await house.ledger.append(AGENCY, draft));
      recorded(await expungeSubject(house.ledger, house.ports, order(draft.subject)));
      const { report } = await imported(house, [row('B-1', '2026-11-02 09:00')]);
      expect(report).toMatchObject({ heldBack: 1, opened: 0 });
    }));

  test('two bookings on record with one number: a person must say which is meant', () =>
    within(async (house) => {
      recorded(await house.ledger.append(AGENCY, bookingOpened('B-1')));
      recorded(await house.ledger.append(AGENCY, bookingOpened('B-1', newHandle(primitives))));
      const { report, rejected } = await imported(house, [row('B-1', '2026-11-02 09:00')]);
      expect([report.rejected, rejected]).toEqual([1, [expect.stringContaining('two bookings on record')]]);
    }));

  test('no number lies in the database in the clear', () =>
    within(async (house) => {
      await imported(house, [row('B-77123', '2026-11-02 09:00')]);
      const { rows } = await house.database.pool.query<{ whole: string }>(
        `select string_agg(encode(envelope, 'escape') || e::text, ' ') || (select string_agg(s::text, ' ') from subject_state s) as whole from entry e`,
      );
      expect(rows[0]?.whole).toContain('booking.opened');
      expect(rows[0]?.whole).not.toContain('77123');
    }));

  test(
    'killed twice on the way through 2,000 rows and run again: every booking once, whole, and the ledger verifies',
    () =>
      within(async (house) => {
        const rows = Array.from({ length: 2000 }, (_, index) => {
          const [no, charge] = [Math.floor(index / 2), index % 2];
          const day = String((no % 20) + 1).padStart(2, '0');
          return row(`B-${no}`, `2026-10-${day} 09:00`, `2026-10-${day} 1${charge}:00`, `2026-10-${day} 12:00`);
        });
        const path = exported(rows);
        await killedAt(house, path, 500);
        await killedAt(house, path, 3000);
        const { code, out } = await ended(started(house, path, ['--json']));
        expect(code, out).toBe(0);
        const numbers = await numbersIn(house);
        expect(numbers.size).toBe(1000);
        expect([...numbers.values()].filter((handles) => handles.length !== 1)).toEqual([]);
        // Opened, described, two bases, two ends, released.
        expect((await house.ports.store.head(AGENCY))?.size).toBe(1000 * 7);
        expect(await faultsOf(house)).toEqual([]);
      }),
    480_000,
  );

  test('a second import of the agency at the same time is refused', () =>
    within(async (house) => {
      const release = await house.importLock(AGENCY);
      const path = exported([row('B-1', '2026-11-02 09:00')]);
      const { code, err } = await ended(started(house, path));
      expect([code, err]).toEqual([
        2,
        `${AGENCY}: another import of this agency is running; wait until it has ended\n`,
      ]);
      await release?.();
      expect((await ended(started(house, path))).code).toBe(0);
    }));
});

test.runIf(hasShared())(
  'the mapping of docs/import.md reads a real export: 62 bookings, ICE’s rows no custody basis',
  async () => {
    const [server] = databases();
    if (server === undefined) throw new Error('there is a server');
    const house = await testHouse(server);
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/import.md'), 'utf8')) ?? [];
    writeFileSync(join(folder, 'pierce.yaml'), yaml);
    const path = join(SHARED, 'data/pierce-ice-holds/pierce_holds.csv');
    const { out, err } = await ended(started(house, path, ['--json', '--mapping', join(folder, 'pierce.yaml')]));
    expect(err).toBe('');
    // 62 bookings opened and released, 149 rows that are not ICE's begun and ended (docs/replay.md).
    expect(JSON.parse(out)).toMatchObject({
      ...{ rows: 211, bookings: 62, opened: 62, rejected: 0, events: 62 * 2 + 149 * 2 },
      passedOver: ['row_no', 'jurisdiction_cd', 'max_charge_is_other'],
    });
    expect(await faultsOf(house)).toEqual([]);
    await house.remove();
  },
);

describe('the command', () => {
  const [server] = databases();
  if (server === undefined) throw new Error('there is a server');

  test('what stands in a cell is told in the file of rejects and not on standard error', async () => {
    const house = await testHouse(server);
    const rejects = join(folder, 'rejects.csv');
    const { code, err, out } = await ended(
      started(house, exported([row('B-1', 'Person, A'.replace(',', '')), row('B-2', '2026-11-02 09:00')]), [
        '--rejects',
        rejects,
      ]),
    );
    expect(code).toBe(1);
    expect(out).toContain('1 new, 0 continued, 0 unchanged');
    expect(out).toContain('columns that were not read: name');
    expect(err).toContain('export.csv:2, opened: is no time written as ISO');
    expect(err).not.toContain('Person');
    expect(readFileSync(rejects, 'utf8')).toContain('2,rejected,opened,is no time written as ISO,Person A');
    await house.remove();
  });

  test.each([
    ['a file that breaks off', `${HEADER}\nB-1,"A`, 2, 'a quotation mark is opened and never closed'],
    ['a column that is not there', 'no,name\nB-1,A', 2, 'lacks the column opened'],
    [
      'bytes of another encoding',
      Buffer.from(`${HEADER}\nB-1,Mu\u00f1oz,,2026-11-02 09:00,C,,`, 'latin1'),
      2,
      'is no utf-8 text; name its encoding in the mapping',
    ],
    ['a header and no row', HEADER, 2, 'holds a header and no row'],
  ])('%s changes nothing, exit 2', async (_, content, expected, message) => {
    const house = await testHouse(server);
    const path = join(folder, 'bad.csv');
    writeFileSync(path, content);
    const { code, err } = await ended(started(house, path));
    expect([code, await house.ports.store.head(AGENCY)]).toEqual([expected, undefined]);
    expect(err).toContain(message);
    await house.remove();
  });

  test('the one who vouches is another person', async () => {
    const house = await testHouse(server);
    const { code, err } = await ended(
      started(house, exported([row('B-1', '2026-11-02 09:00')]), ['--cleaned-by', 'Sergeant.One']),
    );
    expect([code, err]).toEqual([2, '--cleaned-by: is nobody or the same person as --by; it takes two\n']);
    await house.remove();
  });
});

function started({ folder: data, url }: TestHouse, path: string, more: readonly string[] = []): ChildProcess {
  const mapping = ['--mapping', join(folder, 'mapping.yaml')];
  const args = [
    'bin/writkeeper.mjs',
    'import',
    'bookings',
    path,
    ...mapping,
    '--agency',
    AGENCY,
    '--by',
    'sergeant.one',
  ];
  return spawn(process.execPath, [...args, '--data', data, ...more], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const said = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

/** Kills an import once the ledger holds so many entries. */
async function killedAt(house: TestHouse, path: string, entries: number): Promise<void> {
  const child = started(house, path);
  const end = ended(child);
  let size = 0;
  while (size < entries && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    size = (await house.ports.store.head(AGENCY))?.size ?? 0;
  }
  child.kill('SIGKILL');
  const { code, err } = await end;
  expect(code, err).toBeNull();
}
