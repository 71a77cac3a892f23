import { pathOf, type CedarExpression } from '../../domain/law/evaluate.ts';
import type { Rule } from '../../domain/law/pack.ts';

/** A rule's conditions in words, for readers who do not read Cedar. One line a condition that must hold. */
export function conditionsInWords(rule: Rule): string[] {
  return rule.conditions.flatMap((condition) => conjuncts(condition)).map((each) => say(each));
}

/** The facts that a rule reads, by the names of `facts.cedarschema`. */
export function factsRead(rule: Rule): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('.' in value) found.add(pathOf(value).join('.'));
    else Object.values(value).forEach(walk);
  };
  rule.conditions.forEach(walk);
  return [...found].sort();
}

function conjuncts(expression: CedarExpression): CedarExpression[] {
  const and = expression['&&'] as { left: CedarExpression; right: CedarExpression } | undefined;
  return and === undefined ? [expression] : [...conjuncts(and.left), ...conjuncts(and.right)];
}

const RELATIONS: Readonly<Record<string, string>> = {
  '==': 'is',
  '!=': 'is not',
  '<': 'is before',
  '<=': 'is at or before',
  '>': 'is after',
  '>=': 'is at or after',
};

const COMPARED: Readonly<Record<string, string>> = {
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
};

function say(expression: CedarExpression): string {
  const [operator = '', operand] = Object.entries(expression)[0] ?? [];
  const parts = operand as Readonly<Record<string, CedarExpression>>;
  const part = (name: string): string => say(parts[name] ?? {});
  const list = (): CedarExpression[] => operand as CedarExpression[];
  switch (operator) {
    case '.':
      return pathOf(expression).map(spaced).join(': ');
    case 'Value':
      return operand === true ? 'always' : operand === false ? 'never' : shown(operand);
    case '!':
      return negated(parts['arg'] ?? {});
    case '&&':
      return `${part('left')}, and ${part('right')}`;
    case '||':
      return `either ${part('left')}, or ${part('right')}`;
    case 'contains':
      return `${part('left')} includes ${part('right')}`;
    case 'containsAny':
      return `${part('left')} includes any of ${part('right')}`;
    case 'containsAll':
      return `${part('left')} includes all of ${part('right')}`;
    case 'isEmpty':
      return `${part('arg')} is empty`;
    case 'Set':
      return list().map(say).join(', ');
    case 'datetime':
    case 'duration':
      return shown(list()[0]?.['Value']);
    case 'offset':
      return `${say(list()[1] ?? {})} after ${say(list()[0] ?? {})}`;
    default: {
      const numbers = [parts['left'], parts['right']].some((side) => typeof side?.['Value'] === 'number');
      const relation = (numbers ? COMPARED[operator] : undefined) ?? RELATIONS[operator] ?? operator;
      return `${part('left')} ${relation} ${part('right')}`;
    }
  }
}

function negated(expression: CedarExpression): string {
  const [operator, operand] = Object.entries(expression)[0] ?? [];
  const { left = {}, right = {} } = operand as { left?: CedarExpression; right?: CedarExpression };
  if (operator === '.') return `not: ${say(expression)}`;
  if (operator === 'contains') return `${say(left)} does not include ${say(right)}`;
  if (operator === 'isEmpty') return `${say((operand as { arg: CedarExpression }).arg)} is not empty`;
  return `it is not so that ${say(expression)}`;
}

function spaced(name: string): string {
  return name.replaceAll(/[A-Z]|\d+/g, (letters) => ` ${letters.toLowerCase()}`).trim();
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
