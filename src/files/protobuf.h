/* Unpacks protobuf files that have been walked through once before, so that
   what a file claims costs nothing until its bytes bear it out.

   The walk knows no recursion without end, no field beyond its message, and no
   more fields than MOST_FIELDS: what protobuf-c takes for a file is then in
   proportion to the file, and so is the time. Its memory is that of
   base/memory.h and goes back with a mark.

   https://protobuf.dev/programming-guides/encoding */
#ifndef DTD_PROTOBUF_H
#define DTD_PROTOBUF_H

struct ProtobufCMessage; /* of protobuf-c, as its generated code has them */
struct ProtobufCMessageDescriptor;

/* Reads a file that is one message of `type`; release with dtd_protobuf_free.
   Dies, naming the file, when it is no such file (`format` is what the reader
   calls it, "ONNX"), truncated or damaged; when a message that may stand once
   stands twice; and when a string holds a zero byte. Every array of bytes is
   aligned as by dtd_new. */
struct ProtobufCMessage *
dtd_protobuf_read(const char *path,
                  const struct ProtobufCMessageDescriptor *type,
                  const char *format);

void dtd_protobuf_free(struct ProtobufCMessage *message);

#endif
