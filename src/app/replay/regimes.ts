import { deciderFor, type Decider } from '../../domain/decision/decide.ts';
import { lineOf } from '../../domain/failure.ts';
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
    regime(packs, 'Washington, law of the booking’s own day', washington, undefined),
    regime(packs, 'Washington, law of today', washington, today),
    regime(packs, 'a mandate like Florida’s, law of today', 'us/fl/example-county', today),
    regime(packs, 'federal WSO agreement, law of today', 'us', today),
  ];
}

function regime(
  packs: Pick<RulePacks, 'packsFor'>,
  name: string,
  jurisdiction: string,
  lawOn: Day | undefined,
): RegimeInQuestion {
  const underAgreement = jurisdiction === 'us';
  const assuming = underAgreement ? `${ASSUMING}; an agreement and an officer without fault` : ASSUMING;
  const head = { regime: name, jurisdiction, lawOn: lawOn === undefined ? OWN_DAY : isoOfDay(lawOn), assuming };
  const law = lawOfState(packs, jurisdiction);
  if ('absent' in law) return { head, regime: law };
  return {
    head,
    regime: { name, jurisdiction, lawOn, decide: decider(law.packs, jurisdiction, lawOn), underAgreement },
  };
}

/** What federal law says by itself is asked of a state whose law is silent. */
function decider(packs: readonly Pack[], jurisdiction: string, lawOn: Day | undefined): Decider {
  if (jurisdiction !== 'us') return deciderFor(packs, jurisdiction, lawOn);
  return deciderFor([...packs, SILENT_STATE], SILENT_STATE.path, lawOn);
}

function lawOfState(
  packs: Pick<RulePacks, 'packsFor'>,
  jurisdiction: string,
): { readonly packs: readonly Pack[] } | { readonly absent: string } {
  const loaded = packs.packsFor(jurisdiction);
  if (!loaded.ok) return { absent: loaded.failures.map(lineOf).join('; ') };
  const state = jurisdiction.split('/').slice(0, 2).join('/');
  if (loaded.value.some(({ path }) => path === state)) return { packs: loaded.value };
  return { absent: `there is no rule pack ${state}; nothing is said of its law` };
}
