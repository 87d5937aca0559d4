// `node src/cli/run-built.js NAME …`: compiles what is not compiled yet, and becomes the program `dist/cli/NAME.js`. One
// process, so that the signal which ends npm ends the program too; compiled, because its worker threads must be.
import { fileURLToPath } from 'node:url';
import { buildServer } from './build.js';

const [, , name, ...args] = process.argv;
const program = new URL(`../../dist/cli/${name}.js`, import.meta.url);

buildServer();
process.argv.splice(1, process.argv.length, fileURLToPath(program), ...args);

await import(program.href);
