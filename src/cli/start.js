// `npm start`: builds what is not built yet, and becomes the service. One process, so that the signal which ends npm ends
// the service too. An installed clone is built already: compiling again would only cost its first seconds.
import { buildPages, buildServer } from './build.js';

buildServer();
buildPages();

await import('../../dist/main.js');
