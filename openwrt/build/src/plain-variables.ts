import ts from 'typescript';

/**
 * Declares by "var" what "let" and "const" declare, where that means the same. The engine asks at each use of these whether they have a value yet,
 * and has no short instructions for them: a loop of MIPS counts to the next number in 116 instructions in place of 386.
 */
export function plainVariables(code: string): string {
  const file = ts.createSourceFile('bundle.js', code, ts.ScriptTarget.ES2022, true);
  const places: ts.VariableDeclarationList[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) places.push(...convertible(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  let plain = code;
  for (const list of places.sort((a, b) => b.getStart() - a.getStart())) {
    const start = list.getStart();
    const length = (list.flags & ts.NodeFlags.Const) !== 0 ? 'const'.length : 'let'.length;
    plain = `${plain.slice(0, start)}var${plain.slice(start + length)}`;
  }
  return plain;
}

/** A declaration of a function's own, and the part of the function that it holds in. */
interface Declared {
  readonly list: ts.VariableDeclarationList;
  readonly scope: ts.Node;
  readonly names: readonly string[];
}

function convertible(owner: ts.Node): ts.VariableDeclarationList[] {
  const declared: Declared[] = [];
  const uses = new Map<string, ts.Identifier[]>();
  const taken = new Set<string>();
  const visit = (node: ts.Node, inner: boolean): void => {
    if (ts.isIdentifier(node) && !isProperty(node)) uses.set(node.text, [...(uses.get(node.text) ?? []), node]);
    if (!inner && ts.isVariableDeclarationList(node)) {
      const names = node.declarations.flatMap(({ name }) => namesOf(name));
      if ((node.flags & ts.NodeFlags.BlockScoped) === 0) for (const name of names) taken.add(name);
      else declared.push({ list: node, scope: scopeOf(node), names });
    }
    if (!inner && isOther(node)) for (const name of namesOf(node.name as ts.BindingName)) taken.add(name);
    const below = inner || (node !== owner && ts.isFunctionLike(node));
    ts.forEachChild(node, child => visit(child, below));
  };
  visit(owner, false);
  const wrong = new Set(taken);
  for (const each of declared)
    for (const name of each.names) if (!isPlain(name, each, declared, uses, owner)) wrong.add(name);
  return declared.filter(({ names }) => names.every(name => !wrong.has(name))).map(({ list }) => list);
}

/** Parameters, caught errors, functions and classes: names that are declared otherwise. */
function isOther(node: ts.Node): node is ts.NamedDeclaration & { readonly name: ts.Node } {
  if (ts.isVariableDeclaration(node)) return ts.isCatchClause(node.parent);
  return (
    (ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name !== undefined
  );
}

function isPlain(
  name: string,
  { list, scope }: Declared,
  all: readonly Declared[],
  uses: ReadonlyMap<string, readonly ts.Identifier[]>,
  owner: ts.Node,
): boolean {
  const scopes = all.filter(each => each.names.includes(name)).map(each => each.scope);
  // One within another, or two in one, would be one variable.
  if (scopes.filter(other => contains(other, scope) || contains(scope, other)).length > 1) return false;
  const own = uses.get(name) ?? [];
  // Elsewhere the name means another variable.
  if (!own.every(use => scopes.some(each => contains(each, use)))) return false;
  const isRepeated = isInLoop(scope, owner);
  if (isRepeated && list.declarations.some(each => each.initializer === undefined && !isForIn(list))) return false;
  // Each turn of a loop has a variable of its own, which a function may keep.
  return !isRepeated || own.every(use => !contains(scope, use) || functionOf(use) === owner);
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

function isForIn(list: ts.VariableDeclarationList): boolean {
  return ts.isForOfStatement(list.parent) || ts.isForInStatement(list.parent);
}

/** Also the statement of a loop itself, where that is the scope. */
function isInLoop(scope: ts.Node, owner: ts.Node): boolean {
  for (let node: ts.Node = scope; node !== owner; node = node.parent)
    if (ts.isIterationStatement(node, false)) return true;
  return false;
}

function functionOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!ts.isFunctionLike(at) && !ts.isClassLike(at)) at = at.parent;
  return at;
}

function scopeOf(list: ts.VariableDeclarationList): ts.Node {
  let at: ts.Node = list.parent;
  while (!ts.isBlock(at) && !ts.isCaseBlock(at) && !ts.isIterationStatement(at, false) && !ts.isFunctionLike(at))
    at = at.parent;
  return at;
}

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap(element => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}

/** A name after a dot, or of a property that is being written down. */
function isProperty(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  );
}
