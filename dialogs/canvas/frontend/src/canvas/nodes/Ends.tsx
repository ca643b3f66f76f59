import { Handle, Position } from "@xyflow/react";

/** Where lines begin and end, and where one draws a new one from; the layout draws the lines themselves. */
export function Ends({ connectable = false }: { connectable?: boolean }) {
  const look = connectable ? "dc-end dc-end-open" : "dc-end";
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={connectable} className={look} />
      <Handle
        type="source"
        position={Position.Bottom}
        isConnectable={connectable}
        className={look}
      />
    </>
  );
}
