import { createRoot } from '../ui/root.js';
import { ProblemPage } from './components/problem-page.js';
import { browserLanguage } from './load.js';
import { beginLaunch } from './smart-session.js';
import { appIn } from './speech.js';
import './style.css';

const hasIssuer = new URLSearchParams(window.location.search).has('iss');
// The launch waits for no words.
const launched = hasIssuer ? beginLaunch() : Promise.resolve();
const failed = launched.then(
  () => (hasIssuer ? undefined : 'launch'),
  () => 'launch-failed' as const,
);
const { say, spoken } = await appIn(browserLanguage());
const root = document.getElementById('app');
document.documentElement.lang = spoken.code;
document.title = say('app.title');

if (root !== null) {
  root.replaceChildren();
  const page = createRoot(root);
  page.render(
    <main className="page">
      <p role="status">{say('app.launching')}</p>
    </main>,
  );
  const problem = await failed;
  if (problem !== undefined) page.render(<ProblemPage problem={problem} say={say} />);
}
