import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { useWording } from '../language.js';

interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal window of the browser's own: it keeps the focus, closes on Escape, and gives the focus back. */
export function Dialog({ title, wide = false, onClose, children }: DialogProps): ReactNode {
  const { t } = useWording();
  const frame = useRef<HTMLDialogElement>(null);
  // Closed before it leaves the document, or the browser would not give the focus back.
  useLayoutEffect(() => {
    const dialog = frame.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={frame}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <h2>{title}</h2>
        <button type="button" className="quiet" onClick={onClose}>
          {t('close')}
        </button>
      </header>
      {children}
    </dialog>
  );
}
