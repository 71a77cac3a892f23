import { SaxesParser } from 'saxes';
import { Refusal } from './refusal.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What a reader of one XML part wants to hear. Names come without their namespace prefix. */
export interface XmlListener {
  readonly open?: (name: string, attributes: Attributes) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** Feeds a part to its reader as it is unpacked. A document type is refused: workbooks have none, attacks do. */
export async function readXml(part: string, pieces: AsyncIterable<string>, listener: XmlListener): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, position: true });
  parser.on('doctype', () => {
    throw new Refusal(`its part ${part} holds a document type, which no workbook needs`);
  });
  parser.on('error', (error) => {
    throw new Refusal(`its part ${part} is no well-formed XML: ${error.message}`);
  });
  parser.on('opentag', ({ name, attributes }) => listener.open?.(localName(name), attributes));
  parser.on('text', (text) => listener.text?.(text));
  parser.on('cdata', (text) => listener.text?.(text));
  parser.on('closetag', ({ name }) => listener.close?.(localName(name)));
  for await (const piece of pieces) parser.write(piece);
  parser.close();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
