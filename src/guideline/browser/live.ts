/** How long somebody may pause between two letters without a question in between. */
const pauseMs = 180;

/**
 * Answers while its reader types: the page that the form asks for is fetched, and the part that `data-live` names is put
 * in the place of the old one. The server renders it either way, so that nothing is different without a script.
 */
export function enliven(form: HTMLFormElement): void {
  const id = form.dataset['live'] ?? '';
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;
  // It stays while what it speaks of is replaced: a reader that cannot see the page hears how much was found.
  const status = document.createElement('p');
  status.className = 'unseen';
  status.setAttribute('role', 'status');
  form.after(status);

  const ask = async (): Promise<void> => {
    const address = addressOf(form);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const target = document.getElementById(id);
    target?.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(address, { headers: { accept: 'text/html' }, signal: mine.signal });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const found = page.getElementById(id);
      // A refusal has no such part: the whole page says why.
      if (found === null || target === null) {
        window.location.assign(address);
        return;
      }
      target.replaceChildren(...found.childNodes);
      history.replaceState(null, '', address);
      target.removeAttribute('aria-busy');
      status.textContent = target.querySelector('[data-announce]')?.textContent ?? '';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      window.location.assign(address);
    }
  };

  form.addEventListener('input', (event) => {
    if (startsAnew(event.target)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => void ask(), pauseMs);
  });
  form.addEventListener('change', (event) => {
    if (startsAnew(event.target)) window.location.assign(startOf(form));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    void ask();
  });
}

/** Another start brings other fields: a new page. */
function startsAnew(field: EventTarget | null): boolean {
  return field instanceof HTMLElement && field.dataset['reload'] !== undefined;
}

/** Address that the form would be sent to, without what is left empty. */
function addressOf(form: HTMLFormElement, wanted: (name: string) => boolean = () => true): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '' && wanted(name)) query.append(name, value);
  }
  const { pathname } = new URL(form.action);
  const search = query.toString();
  return search === '' ? pathname : `${pathname}?${search}`;
}

/** What was moved belongs to the start that it was moved from. */
function startOf(form: HTMLFormElement): string {
  const kept = [...form.querySelectorAll<HTMLElement>('[data-reload], [name=lang]')].map(
    (field) => field.getAttribute('name') ?? '',
  );
  return addressOf(form, (name) => kept.includes(name));
}
