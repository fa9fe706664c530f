#!/usr/bin/env node
// A file of its own, since what the build writes is not executable.
import '../dist/apps/coop/src/main.js';
