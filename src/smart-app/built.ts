import type { Built } from '../ui/speech.js';

/** The languages and their words: the build puts them in the place of this file (`words` in `src/ui/build.ts`). */
export declare const built: Built<'app'>;
