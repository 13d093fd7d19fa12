import ts from 'typescript';

/**
 * Regular expressions that are compiled where they are used, in place of literals. The engine's compiler writes a literal as a program that is in
 * its own order of octets, also where it writes bytecode for the other one (js_parse_expression, lre_compile): the first match on a big-endian
 * router would end the probe.
 */
export function compiledLater(code: string): string {
  const file = ts.createSourceFile('bundle.js', code, ts.ScriptTarget.ES2022, true);
  const literals: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return literals.reduceRight((text, literal) => {
    const [, source, flags] = /^\/(.+)\/(\w*)$/s.exec(literal.getText())!;
    const call = `new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)})`;
    return text.slice(0, literal.getStart()) + call + text.slice(literal.end);
  }, code);
}
