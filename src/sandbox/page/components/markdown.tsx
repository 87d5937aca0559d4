import type { ReactNode } from 'react';
import { useWording } from '../language.js';
import { blocksOf, inlineOf, type Block, type Inline } from '../markdown.js';

function run(inline: Inline, key: number): ReactNode {
  switch (inline.kind) {
    case 'strong':
      return <strong key={key}>{inline.text}</strong>;
    case 'emphasis':
      return <em key={key}>{inline.text}</em>;
    case 'code':
      return <code key={key}>{inline.text}</code>;
    case 'link':
      return (
        <a key={key} href={inline.url} target="_blank" rel="noreferrer">
          {inline.text}
        </a>
      );
    case 'text':
      return inline.text;
  }
}

function Line({ text }: { readonly text: string }): ReactNode {
  return <>{inlineOf(text).map(run)}</>;
}

function BlockView({ block }: { readonly block: Block }): ReactNode {
  const { t } = useWording();
  switch (block.kind) {
    case 'heading':
      return (
        <h4>
          <Line text={block.text} />
        </h4>
      );
    case 'paragraph':
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case 'list': {
      const items = block.items.map((text, index) => (
        <li key={index}>
          <Line text={text} />
        </li>
      ));
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return (
        <div className="table-frame" role="region" aria-label={t('table')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  <th key={index} scope="col">
                    <Line text={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column}>
                      <Line text={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

/** A card's detail: what it writes in GitHub Flavored Markdown, and never any HTML of it. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="markdown">
      {blocksOf(text).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}
