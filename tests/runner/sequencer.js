// Starts the files of the projects in the order of jest.config.js: where two cores share the work, the longest must not be
// the last. Jest knows how long a file took only where it has run before, which a clean machine has not.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

export default class ByProject extends Sequencer {
  sort(tests) {
    const projects = ['hostile', 'browser', 'processes', 'knowledge', 'fast', 'timed'];
    const placeOf = ({ context }) => projects.indexOf(context.config.displayName.name);
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
