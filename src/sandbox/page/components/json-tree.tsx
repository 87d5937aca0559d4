import { useState, type ReactNode } from 'react';
import { isObject } from '../../../json.js';

/** Beyond this depth a branch is folded until it is opened. */
const openLevels = 2;

function Leaf({ value }: { readonly value: unknown }): ReactNode {
  const kind = value === null ? 'null' : typeof value;
  return <span className={`json-${kind}`}>{JSON.stringify(value)}</span>;
}

interface BranchProps {
  readonly name: string | undefined;
  readonly value: unknown;
  readonly level: number;
}

function Branch({ name, value, level }: BranchProps): ReactNode {
  const [isOpen, setIsOpen] = useState(level < openLevels);
  const label = name === undefined ? null : <span className="json-key">{JSON.stringify(name)}: </span>;
  const isList = Array.isArray(value);
  const members: readonly (readonly [string | undefined, unknown])[] = isList
    ? value.map((member: unknown) => [undefined, member] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (members.length === 0) {
    return (
      <div>
        {label}
        <Leaf value={value} />
      </div>
    );
  }
  const [from, to] = isList ? ['[', ']'] : ['{', '}'];
  return (
    <details
      open={isOpen}
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
      }}
    >
      <summary>
        {label}
        {from}
        {!isOpen && <span className="json-count"> {members.length} </span>}
        {!isOpen && to}
      </summary>
      {isOpen && (
        <>
          <div className="json-members">
            {members.map(([key, member], index) => (
              <Branch key={key ?? index} name={key} value={member} level={level + 1} />
            ))}
          </div>
          {to}
        </>
      )}
    </details>
  );
}

/** JSON with its kinds in colour; branches fold, and deep ones are drawn once they are opened. */
export function JsonTree({ value }: { readonly value: unknown }): ReactNode {
  return (
    <div className="json">
      <Branch name={undefined} value={value} level={0} />
    </div>
  );
}
