import { useEffect, useRef, type ReactNode } from 'react';
import { isObject } from '../../../json.js';

interface AppFrameProps {
  readonly title: string;
  readonly src: string;
  /** The app says that its user is done (SMART Web Messaging, `ui.done`). */
  readonly onDone: () => void;
}

/** A SMART app within the chart. */
export function AppFrame({ title, src, onDone }: AppFrameProps): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const hear = ({ source, origin, data }: MessageEvent<unknown>): void => {
      if (source !== frame.current?.contentWindow || origin !== new URL(src, window.location.href).origin)
        return;
      if (isObject(data) && data.messageType === 'ui.done') onDone();
    };
    window.addEventListener('message', hear);
    return () => {
      window.removeEventListener('message', hear);
    };
  });
  return <iframe ref={frame} className="app" title={title} src={src} />;
}
