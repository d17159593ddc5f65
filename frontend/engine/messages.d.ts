// The messages of the protocol, as `wire.js` says and hears them; docs/openapi.yaml explains them. Types
// only, so that no browser loads them.

export type Ticket = {
  part: number;
  offset: number;
  length: number;
  url: string;
  headers: Record<string, string>;
  expires_s: number;
};
export type Client = {
  number: number;
  label: string;
  person: string;
  rate: number;
  parts: number;
  bytes: number;
  seen_s: number;
  alive: boolean;
  held: number[];
};
export type Progress = {
  parts: number;
  parts_known: number;
  parts_done: number;
  bytes: number;
  bytes_done: number;
};
export type ExchangeRequest = {
  client: string;
  label: string;
  generation?: number;
  seq: number;
  holding: number[];
  done: number[];
  want: number;
  rate: number;
};
export type ExchangeReply = {
  status: string;
  tickets: Ticket[];
  revoked: number[];
  progress: Progress;
  clients: Client[];
  number: number;
  next_exchange_s: number;
};
export type Upload = {
  id: string;
  generation: number;
  group: string;
  owner: string;
  yours: boolean;
  name: string;
  size: number;
  part_size: number;
  parts: number;
  parts_known: number;
  parts_done: number;
  bytes_done: number;
  status: string;
  created_at: number;
  changed_at: number;
  touched_at: number;
  checksum: string;
  reason: string;
};
export type Board = { tickets: string; clients: Client[] };
export type UploadReply = { upload: Upload; board: Board };
export type CreateReply = { outcome: "created" | "joined"; upload: Upload };
export type ListReply = { uploads: Upload[]; next: string | null };
export type KnownReply = { parts_known: number; parts: number; checksum: string };
export type Group = { id: string; name: string; personal: boolean };
export type Limits = {
  min_part_size: number;
  part_size_step: number;
  max_parts: number;
  max_file_size: number;
  first_pages: number[];
  page_parts: number;
  max_held: number;
};
export type MeReply = { user: { id: string; name: string }; groups: Group[]; limits: Limits };
export type DownloadReply = { url: string; expires_s: number; name: string; size: number; checksum: string };
export type ErrorReply = { code: string; message: string; retryable: boolean; details: Record<string, any> };
