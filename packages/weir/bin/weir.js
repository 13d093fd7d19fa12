#!/usr/bin/env node
// There before anything is built: npm links no command whose file is not there when it installs. It loads under any Node.js, to say what is wrong.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) await import('../dist/main.js');
else {
  console.error(
    `weir: needs Node.js 20.19 or later, and this is ${process.versions.node}: https://nodejs.org tells how to install it`,
  );
  process.exitCode = 1;
}
