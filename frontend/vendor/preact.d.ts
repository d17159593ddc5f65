import type { VNode } from "preact";
export { render } from "preact";
export { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
