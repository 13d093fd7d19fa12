import { duration, type Operand, resolveName, roundTrip } from '../operand.js';
import type { Expression, Operator, Value } from './ast.js';
import { FilterError } from './error.js';
import { type Token, tokens } from './lexer.js';
import { hostFor, shown, valueFor } from './values.js';

/** Deepest nesting of parentheses and `not`. */
const DEEPEST = 100;
const operators: ReadonlySet<string> = new Set(['=', '!=', '<', '>', '<=', '>=']);
const ordered: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
/** What the source and the destination both have. */
const sided = ['host', 'net', 'port', 'as', 'country', 'network', 'name'] as const;
/** Names that a value may follow as it is. */
const bare: ReadonlySet<string> = new Set(['proto', 'tag']);
const COMPARISON = '=, !=, <, >, <=, >= or in';
/** Names of values that are computed from others. */
const derived: ReadonlyMap<string, Operand> = new Map([
  ['duration', duration],
  ['rtt', roundTrip],
]);

/**
 * What a filter means.
 * @throws FilterError at the column where it means nothing.
 */
export function parseFilter(filter: string): Expression {
  return new Parser(tokens(filter)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  parse(): Expression {
    const expression = this.#or();
    if (this.#next.kind !== 'end') throw this.#wanted('and, or, or the end');
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #take(): Token {
    const token = this.#next;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the next token, or the one behind it, is this keyword or symbol. */
  #isNext(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return (
      token !== undefined && (token.kind === 'word' || token.kind === 'symbol') && token.text.toLowerCase() === text
    );
  }

  #skip(text: string): boolean {
    const is = this.#isNext(text);
    if (is) this.#at++;
    return is;
  }

  #wanted(what: string): FilterError {
    return new FilterError(`expected ${what}, found ${shown(this.#next)}`, this.#next.column);
  }

  #or(): Expression {
    const operands = [this.#and()];
    while (this.#skip('or')) operands.push(this.#and());
    return join('or', operands);
  }

  #and(): Expression {
    const operands = [this.#unary()];
    while (this.#skip('and')) operands.push(this.#unary());
    return join('and', operands);
  }

  #unary(): Expression {
    if (++this.#depth > DEEPEST) throw new FilterError(`nested deeper than ${DEEPEST}`, this.#next.column);
    const expression = this.#skip('not') ? not(this.#unary()) : this.#skip('(') ? this.#group() : this.#primary();
    this.#depth--;
    return expression;
  }

  #group(): Expression {
    const expression = this.#or();
    if (!this.#skip(')')) throw this.#wanted('and, or, or )');
    return expression;
  }

  #primary(): Expression {
    const { kind, column } = this.#next;
    if (kind !== 'word') throw this.#wanted('a condition such as src host 10.0.0.1, port 443 or octets > 1M');
    if (this.#skip('answered')) return comparison(named('reversepackets'), '>', { kind: 'whole', value: 0n }, column);
    if (this.#skip('nat')) return { kind: 'nat' };
    if (this.#isNext('duplicate') && !this.#comparesNext(1)) {
      this.#take();
      return comparison(named('duplicate'), '=', { kind: 'whole', value: 1n }, column);
    }
    if (this.#skip('has')) return this.#has();
    if (this.#isNext('in') || this.#isNext('out')) return this.#interface();
    for (const side of ['src', 'dst'] as const) {
      if (this.#isNext(side) && !this.#comparesNext(1)) {
        this.#take();
        return this.#endpoint([side]);
      }
    }
    if (sided.some(word => this.#isNext(word))) return this.#endpoint(['src', 'dst']);
    return this.#comparison();
  }

  #comparesNext(ahead: number): boolean {
    const token = this.#tokens[this.#at + ahead];
    return (
      (token?.kind === 'symbol' && operators.has(token.text)) ||
      this.#isNext('in', ahead) ||
      (this.#isNext('not', ahead) && this.#isNext('in', ahead + 1))
    );
  }

  /** `has srcname` */
  #has(): Expression {
    if (this.#next.kind !== 'word') throw this.#wanted('the name of a field');
    const { column } = this.#next;
    return { kind: 'has', operand: this.#operand(), column };
  }

  /** `in if 3`, `out if eth0` */
  #interface(): Expression {
    const operand = named(this.#take().text.toLowerCase() === 'in' ? 'inif' : 'outif');
    if (!this.#skip('if')) throw this.#wanted('if and the number or name of an interface');
    const token = this.#take();
    const { text: name, column } = token;
    if (token.kind === 'text' || (token.kind === 'word' && !/^\d+$/.test(name))) {
      return { kind: 'interface', operand, name, column };
    }
    return comparison(operand, '=', valueFor(operand, token), column);
  }

  /** A condition on one side or both, of the sides given: true where one of them fits. */
  #endpoint(sides: readonly ('src' | 'dst')[]): Expression {
    const word = sided.find(each => this.#isNext(each));
    if (word === undefined) throw this.#wanted(`${sided.slice(0, -1).join(', ')}, ${sided.at(-1)} or a comparison`);
    this.#take();
    const operands = sides.map(side => named(word === 'host' || word === 'net' ? side : `${side}${word}`));
    const one = (token: Token, operator: Operator = '=') =>
      join(
        'or',
        operands.map(operand => {
          const value = word === 'host' ? hostFor(token) : valueFor(operand, token);
          return comparison(operand, operator, value, token.column);
        }),
      );
    if (this.#skip('in'))
      return join(
        'or',
        this.#list().map(token => one(token)),
      );
    if (this.#skip('=')) return one(this.#take());
    if (this.#isNext('!=')) throw new FilterError('write not before the condition instead of !=', this.#next.column);
    if (word === 'port' && ordered.has(this.#next.text)) {
      const operator = this.#take().text as Operator;
      return one(this.#take(), operator);
    }
    return one(this.#take());
  }

  #comparison(): Expression {
    const name = this.#next;
    const operand = this.#operand();
    if (bare.has(name.text.toLowerCase()) && !this.#comparesNext(0)) {
      return comparison(operand, '=', valueFor(operand, this.#take()), name.column);
    }
    if (!this.#comparesNext(0)) throw this.#wanted(COMPARISON);
    const negated = this.#skip('not');
    if (this.#skip('in')) {
      const any = join(
        'or',
        this.#list().map(token => comparison(operand, '=', valueFor(operand, token), name.column)),
      );
      return negated ? not(any) : any;
    }
    const operator = this.#take();
    if (ordered.has(operator.text) && unordered(operand)) {
      throw new FilterError(`${shown(name)} has no order, use = or != or in`, operator.column);
    }
    return comparison(operand, operator.text as Operator, valueFor(operand, this.#take()), name.column);
  }

  /** What the next word names. */
  #operand(): Operand {
    const name = this.#take();
    const operand = derived.get(name.text.toLowerCase()) ?? resolveName(name.text);
    if (operand !== undefined) return operand;
    throw new FilterError(
      `${shown(name)} is no condition, no short name and no IANA name of an Information Element`,
      name.column,
    );
  }

  #list(): Token[] {
    if (!this.#skip('(')) throw this.#wanted('( and a list of values');
    const list = [this.#take()];
    while (this.#skip(',')) list.push(this.#take());
    if (!this.#skip(')')) throw this.#wanted(', or )');
    return list;
  }
}

function unordered(operand: Operand): boolean {
  return ['address', 'mac', 'boolean', 'octets'].includes(operand.type) || operand.column === 'tags';
}

function named(name: string): Operand {
  return resolveName(name)!;
}

function join(kind: 'and' | 'or', operands: readonly Expression[]): Expression {
  return operands.length === 1 ? operands[0]! : { kind, operands };
}

function not(operand: Expression): Expression {
  return { kind: 'not', operand };
}

function comparison(operand: Operand, operator: Operator, value: Value, column: number): Expression {
  return { kind: 'comparison', operand, operator, value, column };
}
