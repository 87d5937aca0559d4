import { useEffect, useState } from 'react';
import { subjectKey, subjectOfKey, type Subject } from '../subject.js';

/** Which screen is shown; kept in the address's fragment so that the browser's Back works in a frame too. */
export type Route =
  | { readonly screen: 'overview' }
  | { readonly screen: 'summary' }
  | { readonly screen: 'score'; readonly score: string; readonly subject: Subject };

/** Reads a fragment; what is not understood is the overview. */
function routeOf(fragment: string): Route {
  const [screen, score, key] = fragment.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  if (screen === 'summary') return { screen };
  const subject = key === undefined ? undefined : subjectOfKey(key);
  if (screen === 'score' && score !== undefined && subject !== undefined) return { screen, score, subject };
  return { screen: 'overview' };
}

/** The fragment of a screen. */
export function fragmentOf(route: Route): string {
  if (route.screen === 'overview') return '#/';
  if (route.screen === 'summary') return '#/summary';
  return `#/score/${encodeURIComponent(route.score)}/${encodeURIComponent(subjectKey(route.subject))}`;
}

/** The screen of the current address. */
export function useRoute(): Route {
  const [fragment, setFragment] = useState(window.location.hash);
  useEffect(() => {
    const follow = (): void => {
      setFragment(window.location.hash);
    };
    window.addEventListener('hashchange', follow);
    return () => {
      window.removeEventListener('hashchange', follow);
    };
  }, []);
  return routeOf(fragment);
}
