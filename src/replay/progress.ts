/** What somebody in front of a terminal sees while it runs. */
export interface Progress {
  /** One patient more was played. */
  patient(): void;
  step(name: 'reading' | 'playing' | 'writing', patients?: number): void;
  /** One line, also where there is no terminal. */
  readonly note: (words: string) => void;
  end(): void;
}

const everyMs = 500;

/** Patients done, rate and time left, on standard error when that is a terminal. */
export function terminalProgress(
  stream: NodeJS.WriteStream,
  clock: () => number = () => performance.now(),
): Progress {
  let total = 0;
  let done = 0;
  let began = 0;
  let step = '';
  const draw = (): void => {
    if (!stream.isTTY) return;
    stream.write(`\r\u001b[K${lineOf(step, done, total, (clock() - began) / 1000)}`);
  };
  const timer = stream.isTTY ? setInterval(draw, everyMs) : undefined;
  timer?.unref();
  return {
    patient: () => {
      done++;
    },
    step: (name, patients = 0) => {
      step = name;
      total = patients;
      done = 0;
      began = clock();
      draw();
    },
    note: (words) => {
      stream.write(stream.isTTY ? `\r\u001b[K${words}\n` : `${words}\n`);
    },
    end: () => {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}

/** `playing: 120 of 400 patients, 35/s, 8 s left`. */
export function lineOf(step: string, done: number, total: number, seconds: number): string {
  if (total === 0) return `${step} …`;
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : '';
  return `${step}: ${done} of ${total} patients, ${rate.toFixed(rate < 10 ? 1 : 0)}/s${left}`;
}
