import { expect, test } from 'vitest';
import { plainVariables } from './plain-variables.js';

test.each([
  ['function f() { const a = 1; return a; }', 'function f() { var a = 1; return a; }'],
  [
    'function f() { for (let i = 0; i < 3; i++) g(i); for (let i = 0; i < 3; i++) h(i); }',
    'function f() { for (var i = 0; i < 3; i++) g(i); for (var i = 0; i < 3; i++) h(i); }',
  ],
  [
    'function f() { const { a, b: [c] } = x; return a.c + c; }',
    'function f() { var { a, b: [c] } = x; return a.c + c; }',
  ],
  ['const f = () => { let a; return () => a; };', 'const f = () => { var a; return () => a; };'],
])('%s', (code, plain) => expect(plainVariables(code)).toBe(plain));

test.each([
  ['a variable of each turn that a function keeps', 'function f() { for (let i = 0; i < 3; i++) g(() => i); }'],
  ['one within another', 'function f() { let a = 1; { let a = 2; g(a); } return a; }'],
  ['one that hides a parameter', 'function f(a) { { let a = 2; g(a); } return a; }'],
  ['one that hides a variable from outside', 'function f() { { let a = 2; g(a); } return a; }'],
  ['one that begins anew with each turn', 'function f() { while (g()) { let a; if (h()) a = 1; k(a); } }'],
  ['one beside a function of its name', 'function f() { { let a = 1; g(a); } { function a() {} a(); } }'],
])('%s stays', (_, code) => expect(plainVariables(code)).toBe(code));
