/** What we use of the client. It is CommonJS: imported on first use it would come without names in the bundle. */
export { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
