import { useEditor } from "./editor";

/** Who else has this canvas open; a press goes to what they have chosen. */
export function People() {
  const { state, model, selection } = useEditor();
  if (state.people.length === 0) return null;
  return (
    <ul className="dc-people" aria-label="Also here">
      {state.people.map(({ client, name, node }) => {
        const title = node ? model.nodes.get(node)?.title : undefined;
        const words = title ? `${name} is at “${title}”` : `${name} is here`;
        return (
          <li key={client}>
            <button
              type="button"
              title={words}
              aria-label={words}
              disabled={!title}
              onClick={() => node && selection.show(node)}
            >
              {initials(name)}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}
