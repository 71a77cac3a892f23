import { concernsPerson, type Case, type Detainer, type Order, type Warrant } from '../case/case.ts';

/**
 * What custody past the state's own could rest on: one detainer with one warrant, a judge's warrant alone, or a judge's
 * order to hold alone. Several papers are several grounds; each is tested whole, so that the signature of one never mends
 * the defect of another.
 */
export interface Ground {
  readonly detainer?: Detainer | undefined;
  readonly detainerIndex: number;
  readonly warrant?: Warrant | undefined;
  readonly warrantIndex: number;
  /** A hold ordered by a judge or magistrate: it needs no paper of ICE's, and mends none. */
  readonly order?: Order | undefined;
  /** All detainers and requests that were received by the moment of the act. */
  readonly received: readonly Detainer[];
}

/**
 * Every ground of a case, in the order of its papers; one empty ground where there is no paper at all.
 * @param named the one warrant that is looked at; undefined: all.
 */
export function groundsOf(question: Case, named: string | undefined): Ground[] {
  const received = receivedDetainers(question);
  const { act } = question.question;
  // Acts that concern no one person rest on no person's paper: a judge's warrant in the case must not open a signature.
  if (!concernsPerson(act)) return [{ detainerIndex: NONE, warrantIndex: NONE, received }];
  const grounds: Ground[] = [];
  const add = (detainerIndex: number, warrantIndex: number): void => {
    const detainer = question.detainers[detainerIndex];
    const warrant = question.warrants[warrantIndex];
    grounds.push({ detainer, detainerIndex, warrant, warrantIndex, order: undefined, received });
  };
  const warrants = warrantsNamed(question, named);
  for (let index = 0; index < question.detainers.length; index += 1) {
    const detainer = question.detainers[index] as Detainer;
    if (received !== question.detainers && !received.includes(detainer)) continue;
    const before = grounds.length;
    for (const warrantIndex of warrants) {
      if (mayRestOn(question.warrants[warrantIndex], detainer, named)) add(index, warrantIndex);
    }
    if (grounds.length === before) add(index, NONE);
  }
  const alone = warrants.filter((index) => grounds.length === 0 || question.warrants[index]?.form === 'judicial');
  for (const index of alone) add(NONE, index);
  if (grounds.length === 0) add(NONE, NONE);
  for (const order of question.orders) {
    if (!isHoldOfJudge(order, question)) continue;
    const none = { detainer: undefined, detainerIndex: NONE, warrant: undefined, warrantIndex: NONE };
    grounds.push({ ...none, order, received });
  }
  return grounds;
}

const NONE = -1;

/** An order from before this custody began speaks of another. */
function isHoldOfJudge({ kind, by, at }: Order, { question, custody, triedOnAnotherDay }: Case): boolean {
  if (kind !== 'hold' || by === 'judicial-official') return false;
  if (triedOnAnotherDay) return true;
  return at <= question.at && (custody === undefined || custody.bases.some(({ since }) => since <= at));
}

/** A paper that comes later than the act is not there yet, unless the whole booking is tried on another day. */
export function receivedDetainers(question: Case): readonly Detainer[] {
  const { detainers, triedOnAnotherDay } = question;
  const { at } = question.question;
  if (triedOnAnotherDay || detainers.every(({ receivedAt }) => receivedAt <= at)) return detainers;
  return detainers.filter(({ receivedAt }) => receivedAt <= at);
}

function warrantsNamed({ warrants }: Case, named: string | undefined): number[] {
  const all = warrants.map((_, index) => index);
  return named === undefined ? all : all.filter((index) => warrants[index]?.id === named);
}

/** A named warrant is tested with every detainer; others only with the one they came with, or where nobody has looked. */
function mayRestOn(warrant: Warrant | undefined, detainer: Detainer, named: string | undefined): boolean {
  if (warrant === undefined || warrant.form === 'judicial') return false;
  return named !== undefined || (detainer.warrants?.includes(warrant.id) ?? true);
}
