import type { ReactNode } from 'react';
import type { Language, SpokenLanguage } from '../knowledge/types.js';

interface LanguageChoiceProps {
  readonly languages: readonly SpokenLanguage[];
  readonly language: Language;
  /** What is chosen here, for who cannot see the buttons side by side. */
  readonly label: string;
  readonly onChoose: (language: Language) => void;
}

/** All languages side by side, each by its own name. */
export function LanguageChoice({ languages, language, label, onChoose }: LanguageChoiceProps): ReactNode {
  return (
    <div className="segments" role="group" aria-label={label}>
      {languages.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={code === language}
          onClick={() => {
            onChoose(code);
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
