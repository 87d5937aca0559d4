import type { Language } from '../knowledge/types.js';
import { speechIn, type Speech } from '../ui/speech.js';
import { built } from './built.js';

/** The languages that the app speaks. */
export const { languages } = built;

/** The app in one language. @throws TypeError where no words can be fetched */
export const appIn = (language: Language): Promise<Speech<'app'>> => speechIn(built, language);
