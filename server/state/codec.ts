import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type PrimitiveValueListNode,
  type RootOperationNode,
  type UnknownRow,
  type ValueNode,
} from "kysely";
import { BOOLEAN_COLUMNS, JSON_COLUMNS } from "./schema";

/** A value as both engines store it. */
function encode(value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function decode(row: UnknownRow): UnknownRow {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "string" && JSON_COLUMNS.has(name)) row[name] = JSON.parse(value);
    else if (typeof value === "number" && BOOLEAN_COLUMNS.has(name)) row[name] = value !== 0;
  }
  return row;
}

class Encoder extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return { ...node, value: encode(node.value) };
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map(encode) };
  }
}

/** Stores booleans, times and JSON alike on both engines, and gives them back as what they are: see schema.ts. */
export class CodecPlugin implements KyselyPlugin {
  private readonly encoder = new Encoder();

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return this.encoder.transformNode(node);
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    return { ...result, rows: result.rows.map(decode) };
  }
}
