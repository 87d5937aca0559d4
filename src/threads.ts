import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a module as a thread. From TypeScript sources (development, tests) the thread needs the loader that the process
 * was started with; threads do not inherit it.
 */
export function startThread(module: URL, options: WorkerOptions = {}): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, options);
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(start, { ...options, eval: true });
}

/** The module beside `from` of this name, in the language that `from` itself is in. */
export function moduleBeside(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}
