import { useMemo, type ReactNode } from 'react';
import { detailMarkup } from './markdown.js';

/** A card's detail: what it writes in Markdown, and never any HTML of it. */
export function Detail({ text }: { readonly text: string }): ReactNode {
  const markup = useMemo(() => ({ __html: detailMarkup(text) }), [text]);
  return <div className="card-detail" dangerouslySetInnerHTML={markup} />;
}
