import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Icon } from './icon.js';

interface DialogProps {
  readonly title: string;
  /** Words of the button that closes it. */
  readonly close: string;
  /** `wide` takes most of the window; `middle` holds a list to decide on. */
  readonly size?: 'middle' | 'wide';
  readonly onClose: () => void;
  /** Stays in view below what scrolls. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** A modal window of the browser's own: it keeps the focus, closes on Escape, and gives the focus back. */
export function Dialog({ title, close, size, onClose, foot, children }: DialogProps): ReactNode {
  const frame = useRef<HTMLDialogElement>(null);
  const id = useId();
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
      className={size === undefined ? 'dialog' : `dialog dialog-${size}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="quiet" onClick={onClose}>
          <Icon name="close" />
          {close}
        </button>
      </header>
      <div className="dialog-body">{children}</div>
      {foot !== undefined && <footer className="dialog-foot">{foot}</footer>}
    </dialog>
  );
}
