/** Adding from the palette: by a press behind what is chosen, by dropping where one points. */
import { type Area, moveTo } from "../edit/arrange";
import { childrenOf, type Doc, isPlaced, type Place, waysOf } from "../edit/document";
import { insertNode, type NewKind, type Where } from "../edit/insert";
import { END_OF_ACTION, type KindInfo } from "../wire/canvas";
import { chosenNodes, type Editor, kindOf } from "./editor";

const BELOW = 60;

export function newKind(editor: Pick<Editor, "data">, kind: string): NewKind {
  const info = kindOf(editor.data, kind);
  return {
    kind,
    title: info?.title ?? kind.replaceAll("_", " "),
    silent: info?.silent ?? false,
    defaults: defaultsOf(info),
  };
}

function defaultsOf(info: KindInfo | undefined) {
  return structuredClone(info?.properties ?? {});
}

/** Behind the chosen node, on the chosen line, or inside a chosen bot action. */
export function addByPress(editor: Editor, kind: string): void {
  const { doc, selection } = editor;
  const names = chosenNodes(editor);
  const only = names.length === 1 ? (names[0] as string) : null;
  const made = newKind(editor, kind);
  const where: Where = { way: selection.way };
  if (only) Object.assign(where, behindOrInside(doc, only, made));
  else if (!selection.way) where.after = lastOf(doc);
  add(editor, made, withPlace(editor, where));
}

function behindOrInside(doc: Doc, name: string, made: NewKind): Where {
  if (doc.nodes.get(name)?.kind !== "bot_action" || !made.silent) return { after: name };
  const inner = childrenOf(doc, name);
  const last = inner.find(({ name: child }) =>
    waysOf(doc, child).every(({ target }) => target === null || target === END_OF_ACTION),
  );
  return { parent: name, after: last?.name ?? null };
}

/** With nothing chosen a new node continues a draft that is one row so far. */
function lastOf(doc: Doc): string | null {
  const loose = [...doc.nodes.values()].filter(
    (node) => !node.parent && waysOf(doc, node.name).length === 0,
  );
  return loose.length === 1 ? (loose[0]?.name ?? null) : null;
}

/** In a draft that is placed by hand a new node needs a place too. */
function withPlace(editor: Editor, where: Where): Where {
  if (!isPlaced(editor.doc)) return where;
  const areas = editor.areas();
  const above = areas.get(where.after ?? where.parent ?? "");
  if (!above) return { ...where, position: editor.middle() };
  let y = above.y + above.height + BELOW;
  const taken = [...areas.values()];
  for (let tries = 0; tries < 50; tries += 1) {
    const other: Area | undefined = taken.find(
      (area) => area.y < y + 64 && y < area.y + area.height && Math.abs(area.x - above.x) < 200,
    );
    if (!other || other === above) break;
    y = other.y + other.height + BELOW;
  }
  return { ...where, position: { x: above.x, y } };
}

export interface DropPoint {
  position: Place;
  way: string | null;
  parent: string | null;
}

/** On a line it goes in between; on free ground it stays where it was dropped. */
export function addByDrop(editor: Editor, kind: string, point: DropPoint): void {
  const made = newKind(editor, kind);
  const { position, way, parent } = point;
  const place = { x: position.x - 110, y: position.y - 32 };
  const free = !way && !parent && editor.doc.nodes.size > 0;
  if (isPlaced(editor.doc)) add(editor, made, { position: place, way, parent });
  else if (!free) add(editor, made, { way, parent });
  else add(editor, made, { position: place }, true);
}

function add(editor: Editor, made: NewKind, where: Where, pin = false): void {
  const { name, ops, notice } = insertNode(editor.doc, made, where);
  const pinned = pin ? moveTo(editor.doc, new Map(), editor.areas()) : [];
  editor.edit(`Add ${made.title.toLowerCase()}`, [...pinned, ...ops]);
  if (notice) editor.session.tell(notice);
  editor.selection.show(name);
}
