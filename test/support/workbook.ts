import { crc32, deflateRawSync } from 'node:zlib';

/** Small workbooks for tests, made by hand so that no file of ICE's is copied into the project. */
export interface MadeCell {
  readonly text: string | number;
  readonly error?: true;
  readonly link?: string;
}

export type MadeRow = readonly (string | number | MadeCell | undefined)[];

export interface MadeWorkbook {
  readonly rows: readonly MadeRow[];
  readonly sheet?: string;
  readonly modified?: string;
}

export function madeWorkbook({ rows, sheet = 'Sheet1', modified }: MadeWorkbook): Buffer {
  const links: { ref: string; target: string }[] = [];
  const xmlRows = rows.map((row, index) => rowXml(row, index + 1, links)).join('');
  const hyperlinks = links.map(({ ref }, index) => `<hyperlink ref="${ref}" r:id="rId${index + 1}"/>`).join('');
  const targets = links.map(({ target }, index) => `<Relationship Id="rId${index + 1}" Target="${escaped(target)}"/>`);
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r"';
  return zipped({
    'xl/workbook.xml': `<workbook ${main}><sheets><sheet name="${sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml':
      `<worksheet ${main}><sheetData>${xmlRows}</sheetData>` +
      `${hyperlinks === '' ? '' : `<hyperlinks>${hyperlinks}</hyperlinks>`}</worksheet>`,
    'xl/worksheets/_rels/sheet1.xml.rels': `<Relationships>${targets.join('')}</Relationships>`,
    ...(modified === undefined ? {} : { 'docProps/core.xml': coreXml(modified) }),
  });
}

export function coreXml(modified: string): string {
  return `<cp:coreProperties xmlns:cp="c" xmlns:dcterms="d"><dcterms:modified>${modified}</dcterms:modified></cp:coreProperties>`;
}

function rowXml(row: MadeRow, number: number, links: { ref: string; target: string }[]): string {
  const cells = row.map((made, index) => {
    if (made === undefined) return '';
    const cell = typeof made === 'object' ? made : { text: made };
    const ref = `${String.fromCharCode(65 + index)}${number}`;
    if (cell.link !== undefined) links.push({ ref, target: cell.link });
    if (cell.error) return `<c r="${ref}" t="e"><v>${escaped(String(cell.text))}</v></c>`;
    if (typeof cell.text === 'number') return `<c r="${ref}"><v>${cell.text}</v></c>`;
    return `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell.text)}</t></is></c>`;
  });
  return `<row r="${number}">${cells.join('')}</row>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A zip of parts; `claim` may state another unpacked size than is true, as an attacker would. */
export function zipped(
  parts: Readonly<Record<string, string | Buffer>>,
  claim: (size: number) => number = (size) => size,
): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claim(bytes.length), 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, place, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
