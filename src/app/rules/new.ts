import { failed, ok, type Result } from '../../domain/failure.ts';

/** The files of a pack to start from: name in its folder → text. `@from` is the day it is written. */
export function newPack(path: string, today: string): Result<Map<string, string>> {
  if (!/^us\/[a-z]{2}(\/[a-z0-9]+(-[a-z0-9]+)*)?$/.test(path)) {
    return failed({
      code: 'malformed',
      where: path,
      message: 'is no jurisdiction; write us/fl or us/fl/monroe-county',
    });
  }
  const prefix = path.replaceAll('/', '.');
  return ok(
    new Map([
      ['pack.yaml', packYaml(path, today)],
      ['first-rule.cedar', firstRule(prefix, today)],
      ['scenarios/first-rule.yaml', firstScenarios(path, prefix)],
    ]),
  );
}

// What a new pack says must never make anything more permissive: its one rule forbids, until counsel has read the law.

function packYaml(path: string, today: string): string {
  return `title: ${path.split('/').at(-1) ?? path}
jurisdiction: ${path}
version: ${today.replaceAll('-', '.')}
authorities:
  - id: first-authority
    kind: policy
    citation: Law of ${path} not read yet
    text: Counsel has begun this pack and has not stated the law yet. Replace this with the first authority.
    confirmed: false
    doubt: nobody has read the law of ${path} for this pack yet
`;
}

function firstRule(prefix: string, today: string): string {
  return `@id("${prefix}.first-rule")
@cite("Law of ${prefix.replaceAll('.', '/')} not read yet")
@title("Counsel has not stated yet whether the law here allows a 287(g) agreement, a hold or a hand-over.")
@from("${today}")
forbid (
  principal,
  action in [Action::"hold", Action::"serve-warrant", Action::"transfer", Action::"sign-agreement"],
  resource
)
when { true };
`;
}

function firstScenarios(path: string, prefix: string): string {
  return `rules: [${prefix}.first-rule]
base: agency
set: { jurisdiction: ${path}, 'question.at': '2099-01-01T12:00:00Z' }
cannotBe:
  permitted: the rule forbids all the acts that it names, always
  undetermined: the rule reads no fact that can be missing
scenarios:
  - name: Nobody signs before counsel has read the law
    expect: { outcome: prohibited }
`;
}
