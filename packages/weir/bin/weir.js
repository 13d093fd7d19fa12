#!/usr/bin/env node
// There before anything is built: npm links no command whose file is not there when it installs.
import '../dist/main.js';
