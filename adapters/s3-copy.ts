import type { S3Client } from "@aws-sdk/client-s3";

/** Where something lies, as the client names it. */
type Place = { readonly Bucket: string; readonly Key: string };

/**
 * Copies within the service. What is larger than a part goes in parts, one after the other, and is there as a whole or not at
 * all: services copy no more than 5 GB at once (docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
 *
 * @param partBytes 5 MiB or more, at most 10,000 such parts
 * @throws the client's error; the parts are thrown away then, where the service can still be told
 */
export async function copyObject(
  client: S3Client,
  from: Place,
  to: Place,
  partBytes: number,
  options: { readonly abortSignal?: AbortSignal },
): Promise<void> {
  const s3 = await import("./s3-client.ts");
  const CopySource = encodeURI(`${from.Bucket}/${from.Key}`);
  const { ContentLength: bytes = 0 } = await client.send(new s3.HeadObjectCommand(from), options);
  if (bytes <= partBytes) {
    await client.send(new s3.CopyObjectCommand({ ...to, CopySource }), options);
    return;
  }
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand(to), options);
  try {
    const Parts = [];
    for (let first = 0, PartNumber = 1; first < bytes; first += partBytes, PartNumber += 1) {
      const CopySourceRange = `bytes=${first}-${Math.min(first + partBytes, bytes) - 1}`;
      const asked = { ...to, UploadId, PartNumber, CopySource, CopySourceRange };
      const { CopyPartResult } = await client.send(new s3.UploadPartCopyCommand(asked), options);
      Parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    await client.send(new s3.CompleteMultipartUploadCommand({ ...to, UploadId, MultipartUpload: { Parts } }), options);
  } catch (error) {
    // Not by the signal, which may be why it failed. What stays all the same is thrown away by the next dump.
    await client.send(new s3.AbortMultipartUploadCommand({ ...to, UploadId })).catch(() => {});
    throw error;
  }
}
