import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  Copy,
  Group,
  Keyboard,
  type LucideIcon,
  Redo2,
  StickyNote,
  Trash2,
  Undo2,
  Ungroup,
  Workflow,
} from "lucide-react";
import type { Command } from "./commands";
import { shown } from "./ShortcutSheet";

const ICONS: Record<string, LucideIcon> = {
  undo: Undo2,
  redo: Redo2,
  duplicate: Copy,
  delete: Trash2,
  note: StickyNote,
  group: Group,
  ungroup: Ungroup,
  arrange: Workflow,
  left: AlignStartVertical,
  centre: AlignCenterVertical,
  right: AlignEndVertical,
  top: AlignStartHorizontal,
  middle: AlignCenterHorizontal,
  bottom: AlignEndHorizontal,
  "spread-x": AlignHorizontalDistributeCenter,
  "spread-y": AlignVerticalDistributeCenter,
  help: Keyboard,
};
const ALWAYS = [["undo", "redo"], ["arrange", "note"], ["help"]];
const CHOSEN = [["duplicate", "group", "ungroup", "delete"]];
const SEVERAL = [
  ["left", "centre", "right", "top", "middle", "bottom"],
  ["spread-x", "spread-y"],
];

/** What one does most often; what needs several nodes shows when several are chosen. */
export function Toolbar({ commands }: { commands: readonly Command[] }) {
  const by = new Map(commands.map((one) => [one.id, one]));
  const sets = [
    ...ALWAYS.slice(0, 2),
    ...(by.get("delete")?.enabled ? CHOSEN : []),
    ...(by.get("left")?.enabled ? SEVERAL : []),
    ...ALWAYS.slice(2),
  ];
  return (
    <div className="dc-toolbar" role="toolbar" aria-label="Editing">
      {sets.map((set) => (
        <div key={set.join()}>
          {set.map((id) => {
            const command = by.get(id);
            return command && <Tool key={id} command={command} />;
          })}
        </div>
      ))}
    </div>
  );
}

function Tool({ command }: { command: Command }) {
  const Icon = ICONS[command.id] ?? Keyboard;
  const key = shown(command.keys[0] ?? "");
  return (
    <button
      type="button"
      aria-label={command.label}
      title={`${command.label} (${key})`}
      disabled={!command.enabled}
      onClick={command.run}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
