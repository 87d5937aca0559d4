import { options } from 'preact';

export { createRoot } from 'react-dom/client';

const made = options.vnode?.bind(options);

// Attributes of SVG are spelt in lower case or are none: what is drawn would not take the focus.
options.vnode = (node) => {
  const props: Record<string, unknown> = node.props;
  if (typeof node.type === 'string' && 'tabIndex' in props) {
    props['tabindex'] = props['tabIndex'];
    delete props['tabIndex'];
  }
  made?.(node);
};
