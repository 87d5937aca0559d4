// The authorization server of the sandbox says at each start that it would rather run on a newer Node. It works on all
// that are promised, and a warning that is always there hides those that matter.
const warn = console.warn;
console.warn = (...said: unknown[]): void => {
  if (!String(said[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...said);
};
