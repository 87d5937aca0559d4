import { createRoot } from '../ui/root.js';
import { ProblemPage } from './components/problem-page.js';
import { browserLanguage } from './load.js';
import { sayIn } from './messages.js';
import { beginLaunch } from './smart-session.js';
import './style.css';

const language = browserLanguage();
const say = sayIn(language);
const root = document.getElementById('app');
const hasIssuer = new URLSearchParams(window.location.search).has('iss');
document.documentElement.lang = language;
document.title = say('app.title');

if (root !== null) {
  root.replaceChildren();
  const page = createRoot(root);
  page.render(
    <main className="page">
      <p role="status">{say('app.launching')}</p>
    </main>,
  );
  const failed = (problem: 'launch' | 'launch-failed'): void => {
    page.render(<ProblemPage problem={problem} say={say} />);
  };
  if (hasIssuer) {
    beginLaunch().catch(() => {
      failed('launch-failed');
    });
  } else failed('launch');
}
