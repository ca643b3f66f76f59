import { Handle, Position } from "@xyflow/react";

/** Where React Flow believes edges begin and end; the layout draws the lines themselves. */
export function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="dc-end" />
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="dc-end" />
    </>
  );
}
