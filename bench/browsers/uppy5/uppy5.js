// Uppy 5, the last that sends several parts of one file at a time: six, by its default.
//
// It signs with temporary credentials, too, but knows no address except AWS's own; so what it signed
// is led to the storage of the benchmark. To begin and to join an upload it would ask its server
// Companion; here it asks the storage itself, which is one step less.
//
// With `checksum` in its address it has our page's duty: each part carries its SHA-256, computed where
// its documents let one sign a part. It leaves the header out of its signature, which S3 would refuse.

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { checksum, CREDENTIALS, DUTY, REGION, serve, STORAGE, WISHES } from "../common.js";

const { accessKeyId, secretAccessKey, sessionToken } = CREDENTIALS;
const Expiration = new Date(Date.now() + 3_600_000).toISOString();
const asCredentials = {
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  Expiration,
};

/** @param {string} where @param {string} [body] */
async function ask(where, body) {
  const answer = await fetch(`${STORAGE}/${where}`, { method: "POST", body });
  return new DOMParser().parseFromString(await answer.text(), "application/xml");
}

const uppy = new Uppy({ autoProceed: true }).use(AwsS3, {
  shouldUseMultipart: true,
  getTemporarySecurityCredentials: async () => ({
    credentials: asCredentials,
    bucket: "bench",
    region: REGION,
  }),
  async createMultipartUpload() {
    const key = crypto.randomUUID();
    const begun = await ask(`${key}?uploads`);
    return { key, uploadId: begun.querySelector("UploadId")?.textContent };
  },
  async signPart(file, options) {
    const signed = await uppy.getPlugin("AwsS3Multipart").createSignedURL(file, options);
    const { pathname, search } = new URL(signed.url);
    const url = new URL(STORAGE).origin + pathname + search;
    return { ...signed, url, headers: DUTY ? await checksum(options.body) : undefined };
  },
  async completeMultipartUpload(file, { key, uploadId, parts }) {
    const listed = parts.map(
      ({ PartNumber, ETag }) => `<Part><PartNumber>${PartNumber}</PartNumber><ETag>${ETag}</ETag></Part>`,
    );
    const xml = `<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`;
    const joined = await ask(`${key}?uploadId=${uploadId}`, xml);
    return { location: joined.querySelector("Location")?.textContent };
  },
  ...WISHES,
});
serve(uppy);
