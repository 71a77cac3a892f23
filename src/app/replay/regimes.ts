import { deciderFor } from '../../domain/decision/decide.ts';
import { lineOf, type Failure } from '../../domain/failure.ts';
import { custodyFormsOf } from '../../domain/law/in-force.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { SILENT_STATE } from '../../domain/law/silent-state.ts';
import { ASSUMING, type Regime } from '../../domain/replay/regime.ts';
import type { RegimeTotals } from '../../domain/replay/totals.ts';
import { isoOfDay, type Day } from '../../domain/time/instant.ts';
import type { RulePacks } from '../ports.ts';

/** What is said of a regime over the whole file; `absent` instead of figures where its law is not there. */
export type RegimeReport = RegimeHead & (RegimeTotals | { readonly absent: string });

interface RegimeHead {
  readonly regime: string;
  readonly jurisdiction: string;
  readonly lawOn: string;
  readonly assuming: string;
}

export interface RegimeInQuestion {
  readonly head: RegimeHead;
  readonly regime: Regime | { readonly absent: string };
}

const OWN_DAY = 'each booking’s own day';

/** The regimes that the replay compares. What happened before a law came is asked both ways: as it was, and as it is. */
export function regimesOf(packs: Pick<RulePacks, 'packsFor'>, today: Day): RegimeInQuestion[] {
  const washington = 'us/wa/pierce-county';
  return [
    ofState(packs, 'Washington, law of the booking’s own day', washington, undefined),
    ofState(packs, 'Washington, law of today', washington, today),
    ofState(packs, 'a mandate like Florida’s, law of today', 'us/fl/example-county', today),
    ofFederalLaw(packs, 'federal WSO agreement, law of today', today),
  ];
}

function ofState(
  packs: Pick<RulePacks, 'packsFor'>,
  name: string,
  jurisdiction: string,
  lawOn: Day | undefined,
): RegimeInQuestion {
  const law = lawOfState(packs, jurisdiction);
  return inQuestion({ name, jurisdiction, lawOn, underAgreement: false }, jurisdiction, law);
}

/** What federal law says by itself is asked of a state whose law is silent; of no jail is it the only law. */
function ofFederalLaw(packs: Pick<RulePacks, 'packsFor'>, name: string, lawOn: Day): RegimeInQuestion {
  const loaded = packs.packsFor(FEDERAL);
  const law = loaded.ok ? { packs: [...loaded.value, SILENT_STATE] } : absent(loaded.failures);
  return inQuestion({ name, jurisdiction: FEDERAL, lawOn, underAgreement: true }, SILENT_STATE.path, law);
}

const FEDERAL = 'us';

type Law = { readonly packs: readonly Pack[] } | { readonly absent: string };

/** @param place where the law is asked. */
function inQuestion(regime: Omit<Regime, 'decide' | 'formOn'>, place: string, law: Law): RegimeInQuestion {
  const { name, jurisdiction, lawOn, underAgreement } = regime;
  const assuming = underAgreement ? `${ASSUMING}; an agreement and an officer without fault` : ASSUMING;
  const head = { regime: name, jurisdiction, lawOn: lawOn === undefined ? OWN_DAY : isoOfDay(lawOn), assuming };
  if ('absent' in law) return { head, regime: law };
  return {
    head,
    regime: { ...regime, decide: deciderFor(law.packs, place, lawOn), formOn: custodyFormsOf(law.packs) },
  };
}

function absent(failures: readonly Failure[]): { readonly absent: string } {
  return { absent: failures.map(lineOf).join('; ') };
}

function lawOfState(packs: Pick<RulePacks, 'packsFor'>, jurisdiction: string): Law {
  const loaded = packs.packsFor(jurisdiction);
  if (!loaded.ok) return absent(loaded.failures);
  const state = jurisdiction.split('/').slice(0, 2).join('/');
  if (loaded.value.some(({ path }) => path === state)) return { packs: loaded.value };
  return { absent: `there is no rule pack ${state}; nothing is said of its law` };
}
