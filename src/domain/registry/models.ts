import { notRead, read, REASON, type Reading } from './reading.ts';
import { squeezed, uniqueNearest } from './text.ts';

/** The three models of a 287(g) agreement now in use. */
export const MODELS = ['WSO', 'JEM', 'TFM'] as const;
export type Model = (typeof MODELS)[number];

const NAMES: Readonly<Record<string, Model>> = {
  'WARRANT SERVICE OFFICER': 'WSO',
  'WARRANT SERVICE OFFICER MODEL': 'WSO',
  'JAIL ENFORCEMENT MODEL': 'JEM',
  'TASK FORCE MODEL': 'TFM',
};
const OFFICIAL: Readonly<Record<Model, string>> = {
  WSO: 'Warrant Service Officer',
  JEM: 'Jail Enforcement Model',
  TFM: 'Task Force Model',
};

/** Reads a model's name, also one misspelt by up to two letters, or its abbreviation. */
export function readModel(printed: string): Reading<Model> {
  const text = squeezed(printed);
  const upper = text.toUpperCase();
  const space = text === printed ? [] : [REASON.space];
  if (upper === '') return notRead('', 'the model (support type) is missing');
  const exact = NAMES[upper] ?? modelFrom(upper);
  if (exact) return read(exact, OFFICIAL[exact], text === OFFICIAL[exact] ? space : [...space, REASON.capitals]);
  const nearest = uniqueNearest(upper, Object.keys(NAMES), 2);
  const model = nearest === undefined ? undefined : NAMES[nearest];
  if (model === undefined) return notRead(text, 'no model of this name: WSO, JEM and TFM are known', space);
  return read(model, OFFICIAL[model], [...space, REASON.modelSpelling]);
}

export function modelFrom(text: string): Model | undefined {
  return MODELS.find((model) => model === text.toUpperCase());
}

export function officialName(model: Model): string {
  return OFFICIAL[model];
}
