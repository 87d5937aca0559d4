import type { ReactNode } from 'react';

const languages = [
  ['en', 'English'],
  ['fr', 'Français'],
] as const;

interface LanguageChoiceProps {
  readonly language: string;
  /** What is chosen here, for who cannot see the two buttons side by side. */
  readonly label: string;
  readonly onChoose: (language: 'en' | 'fr') => void;
}

/** Both languages side by side, each in its own words. */
export function LanguageChoice({ language, label, onChoose }: LanguageChoiceProps): ReactNode {
  return (
    <div className="segments" role="group" aria-label={label}>
      {languages.map(([code, name]) => (
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
