/**
 * The operations of the OpenAPI document as Markdown, for the search and for readers without
 * scripts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The parts of an OpenAPI 3.1 document that are read here. */
interface OpenApi {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, { operationId: string; tags: string[]; summary: string; description: string }>>;
}

export interface ListedOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
}

const FILE = join(import.meta.dirname, "../../public/openapi.json");

/** Returns the operations of each tag, in the order of the document. */
export function operationsByTag() {
  const { tags, paths } = JSON.parse(readFileSync(FILE, "utf8")) as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId: id, tags, summary, description }]) => ({
      tag: tags[0],
      operation: { id, method: method.toUpperCase(), path, summary, description } satisfies ListedOperation,
    })),
  );
  return tags.map(({ name, description }) => ({
    tag: name,
    description,
    operations: operations.filter(({ tag }) => tag === name).map(({ operation }) => operation),
  }));
}

/** Lists the operations. The anchor of each is its `operationId`. */
export const operationsMarkdown = () =>
  operationsByTag()
    .map(({ tag, description, operations }) => [`## ${tag}`, description, ...operations.map(section)].join("\n\n"))
    .join("\n\n");

const section = ({ id, method, path, summary, description }: ListedOperation) =>
  [`### ${summary} {#${id}}`, `\`${method} ${path}\``, description].join("\n\n");
